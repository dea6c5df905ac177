"""Events and draws of a ``margin`` document: read, checked, and priced in every scenario.

Belongs here: everything up to P*. ``margin`` has the losses of accounts.
"""

from collections.abc import Mapping
from decimal import Decimal
from math import comb

import numpy as np

from reporting.calculators.errors import CalculatorError, model_errors_named
from reporting.calculators.numbers import (
    common_decimals,
    exact,
    exact_list,
    not_negative,
    scaled,
    share,
    unscaled,
)
from reporting.model.errors import ModelError
from reporting.model.events import terms as t
from reporting.model.events.terms import EventTerms, payoffs
from reporting.model.margin.scenarios import EventDraws, EventRisk, scenario_prices
from reporting.model.margin.worst_case import worst_case


class Event:
    """One event of the document, read and checked."""

    def __init__(self, event: dict, where: str) -> None:
        self.name = event["id"]
        probabilities = exact_list(event["probabilities"], f"{where}.probabilities")
        with model_errors_named(f"{where}."):
            self.terms, self._marks = _terms_and_marks(event, where, probabilities)
            matrix, _ = payoffs(self.terms, self._marks)
            self.risk = EventRisk(
                event_ticker=self.name,
                payoffs=(matrix / self.terms.payout).astype(np.float64),
                probabilities=np.array(probabilities, dtype=np.float64),
                sigma=float(exact(event["sigma"], f"{where}.sigma")),
                rho=float(exact(event["rho"], f"{where}.rho")),
                jump_probability=_jump_probability(event, where),
            )
        self.days = liquidation_days(event, where) if "liquidation_days" in event else None
        self.group, self.cluster = event["group"], event["cluster"]
        self.ramp = float(share(event["ramp"], f"{where}.ramp"))
        self.jump = event["jump"]
        self.kappa = float(not_negative(event.get("kappa", 1), f"{where}.kappa"))

    def worst_case(self, quantities: list[Decimal]) -> Decimal:
        """W of one book, exact."""
        decimals = common_decimals(quantities)
        book = np.array([[scaled(value, decimals) for value in quantities]], dtype=object)
        loss = worst_case(self.terms, self._marks, book).loss_micros[0]
        return unscaled(loss, _decimals_of(self.terms.payout) + decimals)


def _terms_and_marks(
    event: dict, where: str, probabilities: list[Decimal]
) -> tuple[EventTerms, np.ndarray]:
    """Terms and marks in units that make the marks (payoffs x probabilities) integers."""
    table = [
        exact_list(row, f"{where}.payoffs[{i}]") for i, row in enumerate(event.get("payoffs", ()))
    ]
    _only_for(event, "payoffs", t.MATRIX)
    _only_for(event, "k", t.K_OF_N)
    finest = common_decimals(probabilities)
    decimals = finest + common_decimals(value for row in table for value in row)
    contracts = len(table) or _contracts(event, len(probabilities))
    terms = EventTerms(
        event_ticker=event["id"],
        structure=event["structure"],
        reason="as given",
        legs=tuple(str(number) for number in range(contracts)),
        k=event.get("k"),
        payoffs=tuple(tuple(scaled(value, decimals) for value in row) for row in table),
        payout=10**decimals,
    )
    matrix, _ = payoffs(terms, [0] * contracts)
    if matrix.shape[1] != len(probabilities):
        raise ModelError("probabilities", f"needs {matrix.shape[1]}, one per state")
    weights = np.array([scaled(value, finest) for value in probabilities], dtype=object)
    marks = (matrix.astype(object) @ weights) // 10**finest
    if event["structure"] != t.MATRIX:
        # Probabilities that sum to 1 only up to rounding may put a mark above the payout.
        marks = np.minimum(marks, terms.payout)
    return terms, marks


def _contracts(event: dict, states: int) -> int:
    """Number of contracts of a structure with this number of states."""
    structure = event["structure"]
    if structure == t.BINARY:
        return 1
    if structure == t.EXCLUSIVE_EXHAUSTIVE:
        return states
    if structure in (t.EXCLUSIVE, t.LADDER):
        return max(states - 1, 1)
    k = event["k"]
    if not 1 <= k <= t.MAX_STATES:
        raise ModelError("k", f"must lie between 1 and {t.MAX_STATES}")
    # The number of states increases with the number of contracts.
    contracts = k
    while comb(contracts, k) < states:
        contracts += 1
    return contracts


def prices(events: list[Event], scenarios: dict, days: float) -> list[np.ndarray]:
    """P* of each event: float64[contracts, S]. days: default liquidation period."""
    rows = {name: _rows(scenarios[name], f"scenarios.{name}") for name in ("F", "FJ", "U")}
    size = len(next(iter(rows["F"].values()), ()))
    if size == 0:
        raise CalculatorError("scenarios.F", "must not be empty")
    by_event = []
    for number, event in enumerate(events):
        where = f"events[{number}]"
        states = len(event.risk.probabilities)
        factor = _row(rows["F"], event.group, "scenarios.F", f"{where}.group", size)
        eps = _draws(scenarios["eps"], event.name, "scenarios.eps", (states, size))
        jump_factor = cluster = xi = np.zeros(size)
        jump_probability = np.asarray(event.risk.jump_probability)
        if jump_probability.ndim and len(jump_probability) != size:
            raise CalculatorError(f"{where}.jump_probability", f"needs {size}, one per scenario")
        if (jump_probability > 0).any():
            jump_factor = _row(rows["FJ"], event.group, "scenarios.FJ", f"{where}.group", size)
            cluster = _row(rows["U"], event.cluster, "scenarios.U", f"{where}.cluster", size)
            xi = _draws(scenarios["xi"], event.name, "scenarios.xi", (size,))
        draws = EventDraws(factor, jump_factor, cluster, eps, xi)
        period = days if event.days is None else event.days
        by_event.append(scenario_prices(event.risk, draws, period))
    return by_event


def _only_for(event: dict, field: str, structure: str) -> None:
    needed = event["structure"] == structure
    if needed != (field in event):
        raise ModelError(field, "is missing" if needed else f"belongs to {structure} only")


def _jump_probability(event: dict, where: str) -> float | np.ndarray:
    """One number, or one per scenario."""
    given, field = event["jump_probability"], f"{where}.jump_probability"
    if not isinstance(given, list):
        return float(share(given, field))
    return np.array([float(share(value, f"{field}[{i}]")) for i, value in enumerate(given)])


def liquidation_days(holder: dict, where: str = "") -> float:
    """The field ``liquidation_days`` of the document or of an event."""
    field = f"{where}.liquidation_days".lstrip(".")
    days = exact(holder["liquidation_days"], field)
    if days <= 0:
        raise CalculatorError(field, "must be above 0")
    return float(days)


def _decimals_of(power_of_ten: int) -> int:
    return len(str(power_of_ten)) - 1


def _rows(rows: list | dict, field: str) -> Mapping[int | str, np.ndarray]:
    """Rows of draws by number or name."""
    named = rows.items() if isinstance(rows, dict) else enumerate(rows)
    return {name: _floats(row, f"{field}[{name}]") for name, row in named}


def _row(
    rows: Mapping[int | str, np.ndarray], name: int | str, of: str, field: str, size: int
) -> np.ndarray:
    if name not in rows:
        raise CalculatorError(field, f"{name!r} is no row of {of}")
    if len(rows[name]) != size:
        raise CalculatorError(f"{of}[{name}]", f"needs {size} numbers, one per scenario")
    return rows[name]


def _draws(by_event: dict, event: str, field: str, shape: tuple[int, ...]) -> np.ndarray:
    if event not in by_event:
        raise CalculatorError(f"{field}.{event}", "is missing")
    rows = by_event[event]
    if len(shape) == 1:
        drawn = _floats(rows, f"{field}.{event}")
    else:
        parts = [_floats(row, f"{field}.{event}[{i}]") for i, row in enumerate(rows)]
        if {len(part) for part in parts} - {shape[1]}:
            raise CalculatorError(f"{field}.{event}", f"needs {shape[1]} numbers a state")
        drawn = np.array(parts)
    if drawn.shape != shape:
        raise CalculatorError(f"{field}.{event}", f"needs {shape[0]} of them")
    return drawn


def _floats(values: list, field: str) -> np.ndarray:
    """Draws as float64; the lists are long, so plain numbers take a fast path."""
    if not all(type(value) in (int, Decimal) for value in values):
        values = exact_list(values, field)
    draws = np.array([float(value) for value in values])
    if not np.isfinite(draws).all():
        raise CalculatorError(field, "holds a number that is too large")
    return draws
