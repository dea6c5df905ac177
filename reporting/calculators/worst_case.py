"""Calculator ``worst-case``: the exact worst-case loss of positions, event by event.

One YES pays 1; prices are shares of it. Uses the functions of the model on unbounded integers.
Answer and method: docs/calculators.md, margin-model.md section 1.
"""

from decimal import Decimal

import numpy as np

from reporting.calculators.errors import CalculatorError
from reporting.calculators.numbers import NUMBER_SCHEMA, common_decimals, exact, scaled, unscaled
from reporting.model.errors import ModelError
from reporting.model.events import terms as t
from reporting.model.events.terms import EventTerms, has_listed_states, payoffs
from reporting.model.margin.worst_case import event_losses, unlisted_state_label, worst_case

NAME = "worst-case"
VERSION = "1.0"
STRUCTURES = (t.BINARY, t.EXCLUSIVE, t.EXCLUSIVE_EXHAUSTIVE, t.LADDER, t.K_OF_N, t.MATRIX)

_ID = {"type": "string", "minLength": 1, "maxLength": 200}
SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "worst-case: the exact worst-case loss of positions, event by event",
    "type": "object",
    "required": ["events"],
    "additionalProperties": False,
    "properties": {
        "events": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["id", "structure", "contracts"],
                "additionalProperties": False,
                "properties": {
                    "id": _ID,
                    "structure": {
                        "enum": list(STRUCTURES),
                        "description": "exclusive: none may win; ladder: contract i pays "
                        "above strike i, in ascending order of strikes",
                    },
                    "k": {"type": "integer", "description": "winners, for k_of_n only"},
                    "contracts": {
                        "type": "array",
                        "minItems": 1,
                        "items": {
                            "type": "object",
                            "required": ["id", "quantity", "price"],
                            "additionalProperties": False,
                            "properties": {
                                "id": _ID,
                                "quantity": {
                                    **NUMBER_SCHEMA,
                                    "description": "net YES contracts; one NO is -1",
                                },
                                "price": {**NUMBER_SCHEMA, "description": "mark of YES, 0 to 1"},
                            },
                        },
                    },
                    "payoffs": {
                        "type": "array",
                        "minItems": 1,
                        "description": "contracts x states, for matrix only",
                        "items": {"type": "array", "minItems": 1, "items": NUMBER_SCHEMA},
                    },
                },
            },
        }
    },
}
EXAMPLE = {
    "events": [
        {
            "id": "rate-decision",
            "structure": "exclusive_exhaustive",
            "contracts": [
                {"id": "cut", "quantity": 100, "price": "0.25"},
                {"id": "hold", "quantity": -50, "price": "0.6"},
                {"id": "hike", "quantity": 0, "price": "0.15"},
            ],
        },
        {
            "id": "inflation",
            "structure": "ladder",
            "contracts": [
                {"id": "above 2", "quantity": 10, "price": 0.9},
                {"id": "above 3", "quantity": -30, "price": 0.5},
                {"id": "above 4", "quantity": 20, "price": 0.1},
            ],
        },
    ]
}


def calculate(document: dict) -> dict:
    """The answer without its heading. Raises CalculatorError naming the field."""
    events: list[dict] = []
    seen: set[str] = set()
    for number, event in enumerate(document["events"]):
        where = f"events[{number}]"
        if event["id"] in seen:
            raise CalculatorError(f"{where}.id", f"{event['id']!r} is named twice")
        seen.add(event["id"])
        try:
            events.append(_event(event, where))
        except ModelError as error:
            field = "contracts" if error.field in ("legs", "states") else error.field
            raise CalculatorError(f"{where}.{field}", error.message) from None
    losses = [event["worst_case_loss"] for event in events]
    decimals = common_decimals(losses)
    total = unscaled(sum(scaled(loss, decimals) for loss in losses), decimals)
    return {"events": events, "total": total}


def _event(event: dict, where: str) -> dict:
    contracts = event["contracts"]
    quantities = [
        exact(contract["quantity"], f"{where}.contracts[{i}].quantity")
        for i, contract in enumerate(contracts)
    ]
    prices = [
        exact(contract["price"], f"{where}.contracts[{i}].price")
        for i, contract in enumerate(contracts)
    ]
    table = _payoffs(event, where)
    quantity_decimals = common_decimals(quantities)
    price_decimals = common_decimals([*prices, *(value for row in table for value in row)])
    for i, price in enumerate(prices):
        if event["structure"] != t.MATRIX and not 0 <= price <= 1:
            raise CalculatorError(f"{where}.contracts[{i}].price", "must lie between 0 and 1")
    terms = _terms(event, where, table, price_decimals)
    marks = np.array([scaled(price, price_decimals) for price in prices], dtype=object)
    books = np.array([[scaled(q, quantity_decimals) for q in quantities]], dtype=object)
    worst = worst_case(terms, marks, books)
    decimals = quantity_decimals + price_decimals
    state = int(worst.state_index[0])
    states = _states(terms, marks, books, decimals) if has_listed_states(terms) else []
    return {
        "id": event["id"],
        "structure": event["structure"],
        "worst_case_loss": unscaled(worst.loss_micros[0], decimals),
        "premium_requirement": unscaled(worst.premium_micros[0], decimals),
        "worst_state": states[state]["state"] if states else unlisted_state_label(terms, state),
        "worst_state_index": state,
        "states": states,
    }


def _states(terms: EventTerms, marks: np.ndarray, books: np.ndarray, decimals: int) -> list[dict]:
    losses = event_losses(terms, marks, books)[0]
    matrix, labels = payoffs(terms, marks)
    payouts = (books @ matrix.astype(object))[0]
    return [
        {
            "index": j,
            "state": label,
            "loss": unscaled(losses[j], decimals),
            "payout": unscaled(payouts[j], decimals),
        }
        for j, label in enumerate(labels)
    ]


def _payoffs(event: dict, where: str) -> list[list[Decimal]]:
    """The payoff table of a matrix; empty for other structures."""
    is_matrix = event["structure"] == t.MATRIX
    if is_matrix != ("payoffs" in event):
        message = "is missing" if is_matrix else f"belongs to a {t.MATRIX} only"
        raise CalculatorError(f"{where}.payoffs", message)
    table = [
        [exact(value, f"{where}.payoffs[{i}][{j}]") for j, value in enumerate(row)]
        for i, row in enumerate(event.get("payoffs", []))
    ]
    if is_matrix and len(table) != len(event["contracts"]):
        raise CalculatorError(f"{where}.payoffs", "needs one row per contract")
    for i, row in enumerate(table):
        if len(row) != len(table[0]):
            raise CalculatorError(f"{where}.payoffs[{i}]", "must be as long as the first row")
    return table


def _terms(event: dict, where: str, table: list[list[Decimal]], decimals: int) -> EventTerms:
    needs_k = event["structure"] == t.K_OF_N
    if needs_k != ("k" in event):
        message = "is missing" if needs_k else f"belongs to {t.K_OF_N} only"
        raise CalculatorError(f"{where}.k", message)
    ids = tuple(contract["id"] for contract in event["contracts"])
    seen: set[str] = set()
    for i, name in enumerate(ids):
        if name in seen:
            raise CalculatorError(f"{where}.contracts[{i}].id", f"{name!r} is named twice")
        seen.add(name)
    return EventTerms(
        event_ticker=event["id"],
        structure=event["structure"],
        reason="as given",
        legs=ids,
        k=int(event["k"]) if needs_k else None,
        payoffs=tuple(tuple(scaled(value, decimals) for value in row) for row in table),
        payout=10**decimals,
    )
