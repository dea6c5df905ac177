"""Calculator ``margin``: initial margin of accounts from given scenarios, step by step.

Draws, probabilities and parameters come from the document. Uses the functions of the model. Answer:
docs/calculators.md, margin-model.md.
"""

from decimal import ROUND_CEILING, Decimal
from fractions import Fraction

import numpy as np

from reporting.calculators.errors import CalculatorError, refuse_repeated_ids
from reporting.calculators.margin_events import EVENT, SCENARIOS, Event, prices
from reporting.calculators.numbers import exact, exact_list, not_negative, share
from reporting.calculators.schemas import (
    ID,
    NUMBER,
    array,
    described,
    input_schema,
    mapping,
    number,
    record,
)
from reporting.model.scenarios.event_prices import TwoSets
from reporting.model.scenarios.shortfall import Exposures, losses, tail_count, tails

VERSION = "2.0"
_UNIT = Decimal("0.0001")
_NOISE = Decimal("1e-9")
"""Margin is booked up to a unit; less than this is floating-point noise."""

_POSITIONS = described(mapping(array(NUMBER)), "by event: net YES contracts, one per contract")
_ACCOUNT = record(
    {
        "id": ID,
        "positions": _POSITIONS,
        "add_on": number("liquidity and concentration, added to the core"),
    },
    optional="add_on",
)
SCHEMA = input_schema(
    "margin: initial margin of accounts from given scenarios",
    {
        "alpha": number("confidence of expected shortfall, for example 0.99"),
        "core_floor": number("least share of the worst case that the core may be"),
        "gap_quantile": number("quantile of the gap, for example 0.999"),
        "events": array(EVENT, 1),
        "scenarios": SCENARIOS,
        "accounts": array(_ACCOUNT, 1),
    },
)


def calculate(document: dict) -> dict:
    """The answer without its heading. Raises CalculatorError naming the field."""
    alpha = exact(document["alpha"], "alpha")
    if not 0 < alpha < 1:
        raise CalculatorError("alpha", "must lie between 0 and 1, both excluded")
    quantile = exact(document["gap_quantile"], "gap_quantile")
    if not Decimal("0.5") <= quantile < 1:
        raise CalculatorError("gap_quantile", "must lie between 0.5 and 1, 1 excluded")
    floor = float(share(document["core_floor"], "core_floor"))
    events = [
        Event(event, f"events[{i}]", float(quantile)) for i, event in enumerate(document["events"])
    ]
    refuse_repeated_ids((event.name for event in events), "events")
    priced = prices(events, document["scenarios"])
    both = TwoSets(*(np.concatenate(of_set) for of_set in zip(*priced, strict=True)))
    accounts = document["accounts"]
    refuse_repeated_ids((account["id"] for account in accounts), "accounts")
    answers = [
        _account(account, f"accounts[{i}]", events, both, Fraction(alpha), floor)
        for i, account in enumerate(accounts)
    ]
    return {"scenarios": both.at_rho.shape[1], "accounts": answers}


def _account(
    account: dict,
    where: str,
    events: list[Event],
    priced: TwoSets,
    alpha: Fraction,
    floor: float,
) -> dict:
    held = account["positions"]
    if unknown := sorted(held.keys() - {event.name for event in events}):
        raise CalculatorError(f"{where}.positions.{unknown[0]}", "is no event of this document")
    worst_case, weights, rows, constant, first = Decimal(0), [], [], 0.0, 0
    gaps: dict[str, float] = {}
    by_cluster: dict[int | str, float] = {}
    for event in events:
        if event.name in held:
            field = f"{where}.positions.{event.name}"
            quantities = exact_list(held[event.name], field)
            if len(quantities) != event.contracts:
                raise CalculatorError(field, f"needs {event.contracts}, one per contract")
            worst = max(event.worst_case(quantities), Decimal(0))
            worst_case += worst
            gap = gaps[event.name] = event.gap(quantities, worst)
            by_cluster[event.cluster] = by_cluster.get(event.cluster, 0.0) + gap
            free = 1.0 - event.ramp
            book = np.array(quantities, dtype=np.float64)
            weights += (-free * book).tolist()
            rows += range(first, first + event.contracts)
            away = max(0.0, float(book @ (event.marks - event.risk.model_prices)))
            constant += free * (away + float(book @ event.risk.model_prices))
            constant += event.ramp * float(worst)
        first += event.contracts
    exposures = Exposures(
        start=np.array([0, len(rows)], dtype=np.int64),
        contract=np.array(rows, dtype=np.int64),
        weight=np.array(weights, dtype=np.float64),
        constant=np.array([constant]),
    )
    count = tail_count(alpha, priced.at_rho.shape[1])
    both = tails(exposures, priced.at_rho, priced.at_zero, count)
    at_rho, at_zero = float(both.shortfall_at_rho[0]), float(both.shortfall_at_zero[0])
    counts = priced.at_zero if at_zero > at_rho else priced.at_rho
    value_at_risk = both.value_at_risk_at_zero if at_zero > at_rho else both.value_at_risk_at_rho
    shortfall = max(at_rho, at_zero)
    add_on = float(not_negative(account.get("add_on", 0), f"{where}.add_on"))
    jump = max(by_cluster.values(), default=0.0)
    core = max(shortfall, jump, floor * float(worst_case), 0.0)
    return {
        "id": account["id"],
        "worst_case_loss": worst_case,
        "expected_shortfall": shortfall,
        "expected_shortfall_at_rho": at_rho,
        "expected_shortfall_at_zero": at_zero,
        "value_at_risk": float(value_at_risk[0]),
        "jump_to_resolution": jump,
        "gaps": gaps,
        "core": core,
        "add_on": add_on,
        "initial_margin": min(worst_case, _booked(core + add_on)),
        "losses": losses(exposures, counts)[0].tolist(),
    }


def _booked(amount: float) -> Decimal:
    """An amount rounded up to a unit."""
    exact_amount = Decimal(amount).quantize(_NOISE)
    return exact_amount.quantize(_UNIT, rounding=ROUND_CEILING)
