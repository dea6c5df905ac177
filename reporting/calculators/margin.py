"""Calculator ``margin``: initial margin of accounts from given scenarios, step by step.

Draws, probabilities and parameters come from the document. Uses the scenario functions of the
model. Answer: docs/calculators.md, margin-model.md.
"""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

import numpy as np

from reporting.calculators.errors import CalculatorError
from reporting.calculators.margin_events import Event, liquidation_days, numbers, prices, share
from reporting.calculators.margin_form import EXAMPLE, SCHEMA
from reporting.calculators.numbers import exact
from reporting.model.margin.shortfall import Exposures, losses, tail_count, tails

__all__ = ["EXAMPLE", "NAME", "SCHEMA", "VERSION", "calculate"]

NAME = "margin"
VERSION = "1.1"


def calculate(document: dict) -> dict:
    """The answer without its heading. Raises CalculatorError naming the field."""
    alpha = exact(document["alpha"], "alpha")
    if not 0 < alpha < 1:
        raise CalculatorError("alpha", "must lie between 0 and 1, both excluded")
    days = liquidation_days(document)
    floor = share(document["core_floor"], "core_floor")
    events = [Event(event, f"events[{i}]") for i, event in enumerate(document["events"])]
    _named_once((event.name for event in events), "events")
    priced = prices(events, document["scenarios"], days)
    accounts = document["accounts"]
    _named_once((account["id"] for account in accounts), "accounts")
    answers = [
        _account(account, f"accounts[{i}]", events, priced, Fraction(alpha), floor)
        for i, account in enumerate(accounts)
    ]
    return {"scenarios": priced[0].shape[1], "accounts": answers}


def _account(
    account: dict,
    where: str,
    events: list[Event],
    priced: list[np.ndarray],
    alpha: Fraction,
    floor: float,
) -> dict:
    held = account["positions"]
    if unknown := sorted(held.keys() - {event.name for event in events}):
        raise CalculatorError(f"{where}.positions.{unknown[0]}", "is no event of this document")
    worst_cases, weights, rows, constant, first = Decimal(0), [], [], 0.0, 0
    by_cluster: dict[int | str, float] = {}
    for event, prices_of in zip(events, priced, strict=True):
        contracts = len(prices_of)
        if event.name in held:
            field = f"{where}.positions.{event.name}"
            quantities = numbers(held[event.name], field)
            if len(quantities) != contracts:
                raise CalculatorError(field, f"needs {contracts}, one per contract")
            worst = event.worst_case(quantities)
            worst_cases += worst
            if event.jump:
                share = event.kappa * float(worst)
                by_cluster[event.cluster] = by_cluster.get(event.cluster, 0.0) + share
            scale = 1.0 - event.ramp
            held_qty = np.array(quantities, dtype=np.float64)
            weights += (-scale * held_qty).tolist()
            rows += range(first, first + contracts)
            constant += scale * float(held_qty @ event.risk.marks) + event.ramp * float(worst)
        first += contracts
    exposures = Exposures(
        start=np.array([0, len(rows)], dtype=np.int64),
        contract=np.array(rows, dtype=np.int64),
        weight=np.array(weights, dtype=np.float64),
        constant=np.array([constant]),
    )
    matrix = np.concatenate(priced)
    worst_tail = tail_count(alpha, matrix.shape[1])
    value_at_risk, shortfall = tails(exposures, matrix, worst_tail)
    add_on = float(exact(account.get("add_on", 0), f"{where}.add_on"))
    if add_on < 0:
        raise CalculatorError(f"{where}.add_on", "must not be below 0")
    jump = max(by_cluster.values(), default=0.0)
    core = max(float(shortfall[0]), jump, floor * float(worst_cases), 0.0)
    capped = core + add_on >= worst_cases
    return {
        "id": account["id"],
        "worst_case_loss": worst_cases,
        "expected_shortfall": float(shortfall[0]),
        "value_at_risk": float(value_at_risk[0]),
        "jump_to_resolution": jump,
        "core": core,
        "add_on": add_on,
        "initial_margin": max(worst_cases, Decimal(0)) if capped else core + add_on,
        "losses": losses(exposures, matrix)[0].tolist(),
    }


def _named_once(names: Iterable[str], field: str) -> None:
    seen: set[str] = set()
    for i, name in enumerate(names):
        if name in seen:
            raise CalculatorError(f"{field}[{i}].id", f"{name!r} is named twice")
        seen.add(name)
