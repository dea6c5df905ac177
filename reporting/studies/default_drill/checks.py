"""Checks of a finished record: that its money adds up and no customer pays for others.

Belongs here: what must hold of every record. Each is computed from the record, not from what
made it.
"""

from reporting.units import centicents_from_micros_up


def checks(record: dict, stress_loss: int) -> list[dict]:
    """Every check and whether it holds. stress_loss: the group's by the stress stage,
    centicents."""
    waterfall, silos = record["waterfall"], record["silos"]
    used = sum(layer["used_centicents"] for layer in waterfall["layers"])
    loss, rest = waterfall["loss_centicents"], waterfall["unallocated_centicents"]
    owner = {silo["silo"]: silo["owner"] for silo in silos["silos"]}
    crossed = [
        flow
        for flow in silos["flows"]
        if owner[flow["source"]] == "customer" and flow["source"] != flow["target"]
    ]
    members = [layer for layer in waterfall["layers"] if layer["by_member"]]
    declared = record["declaration"]
    stressed = declared["house_loss_micros"] + declared["customer_loss_micros"]
    closing = record["loss"]["hedge_cost_centicents"] + record["loss"]["auction_cost_centicents"]
    by_silo = sum(row["closing_centicents"] for row in record["loss"]["by_silo"])
    found = (
        ("loss = used by all layers + unallocated", loss == used + rest),
        ("the losses of the silos add up to the loss",
         loss == sum(silo["loss_centicents"] for silo in silos["silos"])),
        ("what members bear adds up to their layers",
         all(sum(x["by_member"].values()) == x["used_centicents"] for x in members)),
        ("hedges and auction add up to what closing out costs the silos", closing == by_silo),
        ("no customer asset meets a loss that is not its own", not crossed),
        ("the scenario's loss is the one of stress.group_losses",
         int(centicents_from_micros_up(stressed)) == stress_loss),
    )  # fmt: skip
    return [{"check": words, "holds": bool(holds)} for words, holds in found]
