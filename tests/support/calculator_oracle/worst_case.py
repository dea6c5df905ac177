"""The exact worst case again: the document of the `worst-case` calculator, re-performed.

Belongs here: reading that document and laying out its answer. States and losses are
enumerated in `states`, whose docstring lists the readings. Every number of the answer is
a Fraction, so that it can be compared with any other answer exactly.
"""

from fractions import Fraction

from support.calculator_oracle.document import read_outcomes
from support.calculator_oracle.fields import (
    exact_number,
    fields_of,
    list_of,
    refuse_repeats,
    text_of,
)
from support.calculator_oracle.states import worst_case


def replicate_worst_case(document: object) -> dict:
    """The calculator's answer without its heading: ``events`` and ``total``.

    Raises DocumentError that names the field at fault.
    """
    raw = fields_of(document, "", ("events",))
    events = [
        _event_answer(value, f"events[{place}]")
        for place, value in enumerate(list_of(raw["events"], "events"))
    ]
    refuse_repeats([event["id"] for event in events], "events")
    total = sum((max(Fraction(0), event["worst_case_loss"]) for event in events), Fraction(0))
    return {"events": events, "total": total}


def _event_answer(value: object, field: str) -> dict:
    raw = fields_of(value, field, ("id", "structure", "contracts"), ("k", "payoffs"))
    contracts = [
        _contract(contract, f"{field}.contracts[{place}]")
        for place, contract in enumerate(list_of(raw["contracts"], f"{field}.contracts"))
    ]
    names = [name for name, _, _ in contracts]
    refuse_repeats(names, f"{field}.contracts")
    event = read_outcomes(raw, names, field)
    result = worst_case(event, [q for _, q, _ in contracts], [p for _, _, p in contracts])
    return {
        "id": text_of(raw["id"], f"{field}.id"),
        "worst_case_loss": result.loss,
        "premium_requirement": result.premium_requirement,
        "worst_state": result.state,
        "states": [
            {"state": name, "loss": loss, "payout": payout}
            for name, loss, payout in zip(result.states, result.losses, result.payouts, strict=True)
        ],
    }


def _contract(value: object, field: str) -> tuple[str, Fraction, Fraction]:
    """Name, net YES quantity and price of one contract."""
    raw = fields_of(value, field, ("id", "quantity", "price"))
    quantity = exact_number(raw["quantity"], f"{field}.quantity")
    return text_of(raw["id"], f"{field}.id"), quantity, exact_number(raw["price"], f"{field}.price")
