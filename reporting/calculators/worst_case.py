"""Calculator ``worst-case``: the exact worst-case loss of positions, event by event.

One YES pays 1; prices are shares of it. Uses the functions of the model on unbounded integers.
Answer and method: docs/calculators.md, margin-model.md section 1.
"""

from decimal import Decimal

import numpy as np

from reporting.calculators.errors import CalculatorError, refuse_repeated_ids
from reporting.calculators.numbers import common_decimals, exact, exact_list, scaled, unscaled
from reporting.calculators.schemas import (
    ID,
    INTEGER,
    NUMBER,
    array,
    described,
    input_schema,
    number,
    record,
)
from reporting.model.errors import ModelError
from reporting.model.events import terms as t
from reporting.model.events.terms import EventTerms, has_listed_states, payoffs
from reporting.model.margin.worst_case import event_losses, unlisted_state_label, worst_case

VERSION = "1.0"
STRUCTURES = (
    t.BINARY,
    t.EXCLUSIVE,
    t.EXCLUSIVE_EXHAUSTIVE,
    t.LADDER,
    t.K_OF_N,
    t.AT_LEAST_K,
    t.MATRIX,
)
_WITH_WINNERS = (t.K_OF_N, t.AT_LEAST_K)

_CONTRACT = record(
    {
        "id": ID,
        "quantity": number("net YES contracts; one NO is -1"),
        "price": number("mark of YES, 0 to 1"),
    }
)
_EVENT = record(
    {
        "id": ID,
        "structure": described(
            {"enum": list(STRUCTURES)},
            "exclusive: none may win; ladder: contract i pays "
            "above strike i, in ascending order of strikes",
        ),
        "k": described(INTEGER, "winners, for k_of_n and at_least_k only"),
        "contracts": array(_CONTRACT, 1),
        "payoffs": described(array(array(NUMBER, 1), 1), "contracts x states, for matrix only"),
    },
    optional="k payoffs",
)
SCHEMA = input_schema(
    "worst-case: the exact worst-case loss of positions, event by event",
    {"events": array(_EVENT, 1)},
)


def calculate(document: dict) -> dict:
    """The answer without its heading. Raises CalculatorError naming the field."""
    refuse_repeated_ids((event["id"] for event in document["events"]), "events")
    events: list[dict] = []
    for i, event in enumerate(document["events"]):
        where = f"events[{i}]"
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
        exact_list(row, f"{where}.payoffs[{i}]") for i, row in enumerate(event.get("payoffs", ()))
    ]
    if is_matrix and len(table) != len(event["contracts"]):
        raise CalculatorError(f"{where}.payoffs", "needs one row per contract")
    for i, row in enumerate(table):
        if len(row) != len(table[0]):
            raise CalculatorError(f"{where}.payoffs[{i}]", "must be as long as the first row")
    return table


def _terms(event: dict, where: str, table: list[list[Decimal]], decimals: int) -> EventTerms:
    needs_k = event["structure"] in _WITH_WINNERS
    if needs_k != ("k" in event):
        message = "is missing" if needs_k else f"belongs to {' and '.join(_WITH_WINNERS)} only"
        raise CalculatorError(f"{where}.k", message)
    ids = tuple(contract["id"] for contract in event["contracts"])
    refuse_repeated_ids(ids, f"{where}.contracts")
    return EventTerms(
        event_ticker=event["id"],
        structure=event["structure"],
        reason="as given",
        legs=ids,
        k=int(event["k"]) if needs_k else None,
        payoffs=tuple(tuple(scaled(value, decimals) for value in row) for row in table),
        payout=10**decimals,
    )
