"""Checks of a finished record: money adds up, and no customer pays for others.

Belongs here: what must hold of every record, computed from the record alone.
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
    outcomes = (
        ("loss = used by all layers + unallocated", loss == used + rest),
        ("silo losses sum to the loss",
         loss == sum(silo["loss_centicents"] for silo in silos["silos"])),
        ("members' amounts sum to their layers",
         all(sum(x["by_member"].values()) == x["used_centicents"] for x in members)),
        ("hedge and auction costs sum to the silos' close-out costs", closing == by_silo),
        ("no customer asset covers another's loss", not crossed),
        ("the scenario's loss matches stress.group_losses",
         int(centicents_from_micros_up(stressed)) == stress_loss),
    )  # fmt: skip
    return [{"check": words, "holds": bool(holds)} for words, holds in outcomes]
