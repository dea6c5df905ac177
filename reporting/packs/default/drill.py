"""One default drill: sentences, charts and tables, and the allocation of the loss."""

from reporting.packs.common import Tables
from reporting.packs.document.parts import Figure, Section
from reporting.packs.document.tables import table
from reporting.wording import dollars, numbers


def drill_section(tables: Tables, drill: dict) -> Section:
    name = drill["drill_id"]
    rows = layers_of(tables, drill)
    labels = [_label(row) for row in rows]
    used = [row["used_centicents"] for row in rows]
    allocations = [row for row in tables["drill_allocations"] if row["drill_id"] == name]
    positions = [row for row in tables["drill_positions"] if row["drill_id"] == name]
    items: list = [" ".join(drill_sentences(tables, drill))]
    if rows:
        items += [
            Figure(
                "Absorption of the loss by layer",
                "loss_waterfall",
                {"labels": labels, "used": used, "loss": drill["loss_centicents"]},
                "drill_layers",
            ),
            Figure(
                "Layers in order of use: used and remaining",
                "layers",
                {
                    "labels": labels,
                    "used": used,
                    "remaining": [row["remaining_centicents"] for row in rows],
                },
                "drill_layers",
            ),
        ]
    items += [
        table(
            f"Drill {name}: layers, step by step",
            "drill_layers",
            _with_balance(rows, drill["loss_centicents"]),
            "layer_order words size_centicents used_centicents+ remaining_centicents "
            "loss_still_open_centicents",
            "The drill has no layer.",
            note=f"Used, {dollars.amount(sum(used))}, and unallocated, "
            f"{dollars.amount(drill['unallocated_centicents'])}, sum to the loss of "
            f"{dollars.amount(drill['loss_centicents'])} US$."
            if sum(used) + drill["unallocated_centicents"] == drill["loss_centicents"]
            else "Used and unallocated do not sum to the loss; see the findings.",
        ),
        table(
            f"Drill {name}: allocation of the loss",
            "drill_allocations",
            allocations,
            "layer_id party party_name amount_centicents+",
            "No loss is allocated to a party.",
            top=40,
        ),
        table(
            f"Drill {name}: positions of the defaulter",
            "drill_positions",
            positions,
            "account_id origin ticker closing_qty mark_centicents market_value_micros+",
            "The defaulter has no open position.",
            top=25,
            note="A negative position is in NO. Market value: position times the mark of YES.",
        ),
    ]
    return Section(f"Default drill {name}", tuple(items))


def _label(row: dict) -> str:
    return row["layer_type"].replace("_", " ")


def _with_balance(rows: list[dict], loss: int) -> list[dict]:
    """Each layer with the loss still open after it."""
    lines, open_loss = [], loss
    for row in rows:
        open_loss -= row["used_centicents"]
        words = row["words"] or _label(row)
        lines.append({**row, "loss_still_open_centicents": open_loss, "words": words})
    return lines


def drill_sentences(tables: Tables, drill: dict) -> list[str]:
    loss = drill["loss_centicents"]
    meaning = f" ({drill['words']})" if drill["words"] else ""
    first = (
        f"The drill assumes that group {drill['affiliate_group']} defaults in scenario "
        f"{drill['scenario_id']}{meaning} with a loss of {dollars.in_words(loss)}."
    )
    if not loss:
        return [first, "No layer of the waterfall is used."]
    own = defaulters_part(tables, drill)
    house = _part(tables, drill, ("own_capital", "insurance", "facility"))
    others = survivors_part(tables, drill)
    second = (
        f"The defaulter's own resources bear {dollars.in_words(own)} "
        f"({numbers.percent(own, loss)}), the clearing house and its insurance "
        f"{dollars.in_words(house)}, survivors {dollars.in_words(others)}."
    )
    rest = drill["unallocated_centicents"]
    third = (
        f"{dollars.in_words(rest)} remain unallocated after every layer."
        if rest
        else "The whole loss is allocated, every unit exactly once."
    )
    return [first, second, third]


def layers_of(tables: Tables, drill: dict) -> list[dict]:
    return [row for row in tables["drill_layers"] if row["drill_id"] == drill["drill_id"]]


def defaulters_part(tables: Tables, drill: dict) -> int:
    return _part(tables, drill, ("defaulter_margin", "defaulter_fund"))


def survivors_part(tables: Tables, drill: dict) -> int:
    return _part(tables, drill, ("survivors_fund", "assessment", "gains_haircut"))


def _part(tables: Tables, drill: dict, kinds: tuple[str, ...]) -> int:
    return sum(
        row["used_centicents"] for row in layers_of(tables, drill) if row["layer_type"] in kinds
    )
