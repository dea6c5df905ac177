"""Events and draws of a ``margin`` document: read, checked, and priced in every scenario.

Belongs here: everything up to P*, and worst case and gap of a book in one event. ``margin`` has the
losses of accounts.
"""

from collections.abc import Mapping
from decimal import Decimal
from math import comb

import numpy as np

from reporting.calculators.errors import CalculatorError, model_errors_named
from reporting.calculators.numbers import (
    common_decimals,
    exact_list,
    scaled,
    share,
    unscaled,
    whole,
)
from reporting.calculators.schemas import (
    BOOLEAN,
    ID,
    INTEGER,
    NUMBER,
    array,
    described,
    mapping,
    number,
    record,
)
from reporting.calculators.worst_case import STRUCTURES
from reporting.model.errors import ModelError
from reporting.model.events import terms as t
from reporting.model.events.terms import EventTerms, payoffs, state_count
from reporting.model.margin.gap import distortion, move_gap
from reporting.model.margin.worst_case import event_losses, worst_case
from reporting.model.scenarios.draws import EventDraws
from reporting.model.scenarios.event_prices import TwoSets, scenario_prices
from reporting.model.scenarios.event_risk import CONTRACTS, LATENT, STATES, EventRisk, news_of

_COUNTED = (t.K_OF_N, t.AT_LEAST_K)
RESOLUTION, MOVE, NO_GAP = "resolution", "move", "none"
_ROW = {"anyOf": [{"type": "integer", "minimum": 0}, ID]}
_LIST = {"type": "array"}
_ROWS = {"anyOf": [array(_LIST), mapping(_LIST)]}
EVENT = record(
    {
        "id": ID,
        "structure": {"enum": list(STRUCTURES)},
        "contracts": described(
            INTEGER, "number of contracts, for k_of_n and at_least_k; else from the states"
        ),
        "k": described(INTEGER, "winners, for k_of_n and at_least_k"),
        "payoffs": described(array(array(NUMBER, 1), 1), "contracts x states, for matrix only"),
        "ordered": described(
            BOOLEAN, "states lie on one line; a binary and a ladder are, others if it says so"
        ),
        "probabilities": described(
            array(NUMBER, 1), "one per state, in the order of worst-case; their sum is 1"
        ),
        "marks": described(array(NUMBER, 1), "raw, one per contract; else those of probabilities"),
        "information": number("f, share of the remaining information that is revealed, 0 to 1"),
        "lumps": described(INTEGER, "J lumps that information arrives in; smoothly if not given"),
        "gap_information": number("f of the gap; that of the event if not given"),
        "rho": number("correlation with the group, 0 to 1"),
        "group": described(_ROW, "row of F, or its name"),
        "loadings": described(array(NUMBER, 1), "one per signal, of length 1; unordered events"),
        "jump_probability": number("h_info, chance of an early resolution, 0 if not given"),
        "happens_probability": number("h_by, chance of coming true in the period, 0 if not given"),
        "happens": described(array(INTEGER, 1), "states in which an event by a date has happened"),
        "ramp": number("weight of full collateral, 0 to 1"),
        "cluster": described(_ROW, "row of U, or its name"),
        "gap": described(
            {"enum": [RESOLUTION, MOVE, NO_GAP]},
            "resolution: the event can resolve in the period; move: it cannot, except that an event"
            " by a date can happen; none: out of jump to resolution",
        ),
        "kappa": number("share of the worst case in a resolution, 1 if not given"),
    },
    optional="contracts k payoffs ordered marks lumps gap_information loadings jump_probability"
    " happens_probability happens kappa",
)
SCENARIOS = record(
    {
        "F": described(_ROWS, "group factors, groups x S"),
        "U": described(_ROWS, "uniform draws, clusters x S"),
        "eps": described(mapping(_LIST), "by ordered event: S normal draws"),
        "eta": described(mapping(array(_LIST)), "by unordered event: signals x S normal draws"),
        "theta": described(mapping(_LIST), "by unordered event: S uniform draws"),
        "info": described(mapping(_LIST), "by event with lumps: S uniform draws"),
    },
    optional="eps eta theta info",
)


class Event:
    """One event of the document, read and checked."""

    def __init__(self, event: dict, where: str, quantile: float) -> None:
        self.name, self.group, self.cluster = event["id"], event["group"], event["cluster"]
        probabilities = exact_list(event["probabilities"], f"{where}.probabilities")
        with model_errors_named(f"{where}."):
            self.terms, self._marks = _terms_and_marks(event, where, probabilities)
            matrix, _ = payoffs(self.terms, self._marks)
            self.contracts = len(self.terms.legs)
            self.marks = (self._marks / self.terms.payout).astype(np.float64)
            self.risk = EventRisk(
                name=self.name,
                payoffs=(matrix / self.terms.payout).astype(np.float64),
                probabilities=np.array(probabilities, dtype=np.float64),
                information=_share(event, "information", where),
                rho=_share(event, "rho", where),
                news=_news(event, self.terms),
                lumps=whole(event["lumps"], f"{where}.lumps") if "lumps" in event else None,
                loadings=_loadings(event, self.terms, where),
                early_probability=_share(event, "jump_probability", where, 0),
                happens_probability=_share(event, "happens_probability", where, 0),
                happens=_happens(event, matrix.shape[1], where),
            )
        self.ramp = _share(event, "ramp", where)
        self._gap, self._kappa = event["gap"], _share(event, "kappa", where, 1)
        gap_information = _share(event, "gap_information", where, event["information"])
        self._shift = distortion(gap_information, quantile)

    def worst_case(self, quantities: list[Decimal]) -> Decimal:
        """W of one book, exact; below 0 for a sure gain."""
        book, decimals = self._book(quantities)
        return unscaled(worst_case(self.terms, self._marks, book).loss_micros[0], decimals)

    def gap(self, quantities: list[Decimal], worst: Decimal) -> float:
        """The worst that the liquidation period can bring to one book; 0 if it does not count.

        worst: W of the book, at least 0.
        """
        if self._gap == NO_GAP:
            return 0.0
        book, decimals = self._book(quantities)
        losses = event_losses(self.terms, self._marks, book) / 10**decimals
        losses = losses.astype(np.float64)
        gap = float(move_gap(losses, self.risk.probabilities, self._shift)[0])
        if self.risk.is_by_date:
            gap = max(gap, self._kappa * float(losses[0, self.risk.happens].max()))
        elif self._gap == RESOLUTION:
            gap = max(gap, self._kappa * float(worst))
        return min(gap, float(worst))

    def _book(self, quantities: list[Decimal]) -> tuple[np.ndarray, int]:
        """One book in integers, and the decimals of its losses."""
        decimals = common_decimals(quantities)
        book = np.array([[scaled(value, decimals) for value in quantities]], dtype=object)
        return book, len(str(self.terms.payout)) - 1 + decimals


def prices(events: list[Event], scenarios: dict) -> list[TwoSets]:
    """P* of each event in both sets: float64[contracts, S]."""
    rows = {name: _rows(scenarios[name], f"scenarios.{name}") for name in ("F", "U")}
    size = len(next(iter(rows["U"].values()), ()))
    if size == 0:
        raise CalculatorError("scenarios.U", "must not be empty")
    by_event = []
    for i, event in enumerate(events):
        where, risk = f"events[{i}]", event.risk
        shared = {
            "group_factor": _row(rows["F"], event.group, "scenarios.F", f"{where}.group", size),
            "cluster": _row(rows["U"], event.cluster, "scenarios.U", f"{where}.cluster", size),
        }
        if risk.lumps is not None:
            shared["info"] = _draws(scenarios, "info", event.name, (size,))
        if risk.is_ordered:
            draws = EventDraws(**shared, eps=_draws(scenarios, "eps", event.name, (size,)))
        else:
            signals = event.contracts if risk.news == CONTRACTS else len(risk.probabilities)
            draws = EventDraws(
                **shared,
                eta=_draws(scenarios, "eta", event.name, (signals, size)),
                theta=_draws(scenarios, "theta", event.name, (size,)),
            )
        by_event.append(scenario_prices(risk, draws))
    return by_event


def _terms_and_marks(
    event: dict, where: str, probabilities: list[Decimal]
) -> tuple[EventTerms, np.ndarray]:
    """Terms and raw marks in units that make the marks integers."""
    table = [
        exact_list(row, f"{where}.payoffs[{i}]") for i, row in enumerate(event.get("payoffs", ()))
    ]
    _only_for(event, "payoffs", t.MATRIX)
    _only_for(event, "k", *_COUNTED)
    if "contracts" in event and event["structure"] not in _COUNTED:
        raise ModelError("contracts", f"belongs to {' and '.join(_COUNTED)} only")
    given = exact_list(event["marks"], f"{where}.marks") if "marks" in event else None
    finest = 0 if given else common_decimals(probabilities)
    decimals = finest + common_decimals(
        [*(given or ()), *(value for row in table for value in row)]
    )
    contracts = len(table) or event.get("contracts") or _contracts(event, len(probabilities))
    terms = EventTerms(
        event_ticker=event["id"],
        structure=event["structure"],
        reason="as given",
        legs=tuple(str(number) for number in range(contracts)),
        k=event.get("k"),
        payoffs=tuple(tuple(scaled(value, decimals) for value in row) for row in table),
        payout=10**decimals,
    )
    if state_count(terms) != len(probabilities):
        raise ModelError("probabilities", f"needs {state_count(terms)}, one per state")
    if given is not None:
        if len(given) != contracts:
            raise ModelError("marks", f"needs {contracts}, one per contract")
        return terms, np.array([scaled(mark, decimals) for mark in given], dtype=object)
    matrix, _ = payoffs(terms, [0] * contracts)
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
    while _winner_sets(structure, contracts, k) < states:
        contracts += 1
    return contracts


def _winner_sets(structure: str, contracts: int, k: int) -> int:
    most = k if structure == t.K_OF_N else contracts
    return sum(comb(contracts, winners) for winners in range(k, most + 1))


def _news(event: dict, terms: EventTerms) -> str:
    by_structure = terms.structure in (t.BINARY, t.LADDER)
    if event.get("ordered", by_structure):
        return LATENT
    if by_structure:
        raise ModelError("ordered", f"a {terms.structure} always is")
    news = news_of(terms)
    return STATES if news == LATENT else news


def _loadings(event: dict, terms: EventTerms, where: str) -> np.ndarray | None:
    if "loadings" not in event:
        return None
    field = f"{where}.loadings"
    loadings = np.array(exact_list(event["loadings"], field), dtype=np.float64)
    signals = len(terms.legs) if news_of(terms) == CONTRACTS else state_count(terms)
    if len(loadings) != signals:
        raise CalculatorError(field, f"needs {signals}, one per signal")
    if abs(float(loadings @ loadings) - 1) > 1e-9:
        raise CalculatorError(field, "their length must be 1")
    return loadings


def _happens(event: dict, states: int, where: str) -> np.ndarray:
    if "happens" not in event:
        return np.zeros(0, dtype=bool)
    happens = np.zeros(states, dtype=bool)
    for i, state in enumerate(event["happens"]):
        if not 0 <= state < states:
            raise CalculatorError(f"{where}.happens[{i}]", f"must lie between 0 and {states - 1}")
        happens[state] = True
    return happens


def _only_for(event: dict, field: str, *structures: str) -> None:
    needed = event["structure"] in structures
    if needed != (field in event):
        names = " and ".join(structures)
        raise ModelError(field, "is missing" if needed else f"belongs to {names} only")


def _share(event: dict, name: str, where: str, default: object = None) -> float:
    return float(share(event.get(name, default), f"{where}.{name}"))


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


def _draws(scenarios: dict, kind: str, event: str, shape: tuple[int, ...]) -> np.ndarray:
    field = f"scenarios.{kind}.{event}"
    rows = scenarios.get(kind, {}).get(event)
    if rows is None:
        raise CalculatorError(field, "is missing")
    if len(shape) == 1:
        drawn = _floats(rows, field)
    else:
        parts = [_floats(row, f"{field}[{i}]") for i, row in enumerate(rows)]
        if {len(part) for part in parts} - {shape[1]}:
            raise CalculatorError(field, f"needs {shape[1]} numbers a signal")
        drawn = np.array(parts)
    if drawn.shape != shape:
        raise CalculatorError(field, f"needs {shape[0]} of them")
    return drawn


def _floats(values: list, field: str) -> np.ndarray:
    """Draws as float64; the lists are long, so plain numbers take a fast path."""
    if not all(type(value) in (int, Decimal) for value in values):
        values = exact_list(values, field)
    draws = np.array([float(value) for value in values])
    if not np.isfinite(draws).all():
        raise CalculatorError(field, "holds a number that is too large")
    return draws
