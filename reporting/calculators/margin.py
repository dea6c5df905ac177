"""Calculator ``margin``: initial margin of accounts from given scenarios, step by step.

Draws, probabilities and parameters come from the document. Uses the scenario functions of the
model. Answer: docs/calculators.md, margin-model.md.
"""

from decimal import Decimal
from fractions import Fraction

import numpy as np

from reporting.calculators.errors import CalculatorError, refuse_repeated_ids
from reporting.calculators.margin_events import Event, liquidation_days, prices
from reporting.calculators.numbers import exact, exact_list, not_negative, share
from reporting.calculators.schemas import (
    BOOLEAN,
    ID,
    INTEGER,
    NUMBER,
    array,
    described,
    input_schema,
    mapping,
    number,
    record,
)
from reporting.calculators.worst_case import STRUCTURES
from reporting.model.margin.shortfall import Exposures, losses, tail_count, tails_of_set

VERSION = "1.1"

_ROW = {"anyOf": [{"type": "integer", "minimum": 0}, ID]}
_LIST = {"type": "array"}
_ROWS = {"anyOf": [array(_LIST), mapping(_LIST)]}
_EVENT = record(
    {
        "id": ID,
        "structure": {"enum": list(STRUCTURES)},
        "probabilities": described(
            array(NUMBER, 1), "one per state, in the order of worst-case; their sum is 1"
        ),
        "k": described(INTEGER, "winners, for k_of_n only"),
        "payoffs": described(array(array(NUMBER, 1), 1), "contracts x states, for matrix only"),
        "sigma": number("daily volatility of log-odds"),
        "rho": number("correlation with the group, 0 to 1"),
        "group": described(_ROW, "row of F and FJ, or its name"),
        "liquidation_days": number("those of the document if not given"),
        "jump_probability": {
            "anyOf": [NUMBER, array(NUMBER, 1)],
            "description": "chance to resolve in the liquidation period, one number"
            " or one per scenario",
        },
        "ramp": number("weight of full collateral, 0 to 1"),
        "cluster": described(_ROW, "row of U, or its name"),
        "jump": described(BOOLEAN, "counts in jump to resolution"),
        "kappa": number("share of W in jump to resolution, 1 if not given"),
    },
    optional="k payoffs liquidation_days kappa",
)
_SCENARIOS = record(
    {
        "F": described(_ROWS, "group factors, groups x S"),
        "FJ": described(_ROWS, "group factors of jumps, groups x S"),
        "U": described(_ROWS, "uniform draws, clusters x S"),
        "eps": described(mapping(array(_LIST)), "by event: states x S"),
        "xi": described(mapping(_LIST), "by event: S"),
    }
)
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
        "liquidation_days": number("liquidation period in days"),
        "core_floor": number("least share of the worst case that the core may be"),
        "events": array(_EVENT, 1),
        "scenarios": _SCENARIOS,
        "accounts": array(_ACCOUNT, 1),
    },
)


def calculate(document: dict) -> dict:
    """The answer without its heading. Raises CalculatorError naming the field."""
    alpha = exact(document["alpha"], "alpha")
    if not 0 < alpha < 1:
        raise CalculatorError("alpha", "must lie between 0 and 1, both excluded")
    days = liquidation_days(document)
    floor = float(share(document["core_floor"], "core_floor"))
    events = [Event(event, f"events[{i}]") for i, event in enumerate(document["events"])]
    refuse_repeated_ids((event.name for event in events), "events")
    priced = prices(events, document["scenarios"], days)
    accounts = document["accounts"]
    refuse_repeated_ids((account["id"] for account in accounts), "accounts")
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
            quantities = exact_list(held[event.name], field)
            if len(quantities) != contracts:
                raise CalculatorError(field, f"needs {contracts}, one per contract")
            worst = event.worst_case(quantities)
            worst_cases += worst
            if event.jump:
                at_jump = event.kappa * float(worst)
                by_cluster[event.cluster] = by_cluster.get(event.cluster, 0.0) + at_jump
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
    value_at_risk, shortfall = tails_of_set(exposures, matrix, worst_tail)
    add_on = float(not_negative(account.get("add_on", 0), f"{where}.add_on"))
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
