"""Consistent prices of all events when the latent variable of each event moves.

Belongs here: the step from state probabilities and a move to integer prices. Each event has a
latent variable; each contract without known joint states has its own, with states no and yes. A
move changes the probabilities of the states, and all contracts are priced from the changed ones,
so no book loses more than its worst case.

An ordered event moves as one normal variable: its cumulative probabilities shift towards the last
state or the first. An unordered event has no such direction: its probabilities are distorted
towards given states (Wang, "A Class of Distortion Operators for Pricing Financial and Insurance
Risks", 2000). Sources: margin-model.md, sections 3, 4.3 and 5; order of states from section 1.

Changed probabilities are multiples of 1e-4, so prices of contracts that pay whole dollars are
exact. "Towards the last state" means yes for a binary and high for a ladder.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix
from scipy.special import ndtr, ndtri

from reporting.model.events import terms as t
from reporting.model.events.probabilities import possible_states
from reporting.model.events.terms import has_listed_states, payoffs
from reporting.model.stress.events import Prices, StressEvent, StressMarket
from reporting.units import BPS

_CERTAIN = 1e-9
_TWO_STATES = (t.BINARY, t.BINARIES, t.COMBINATION)
LAST, FIRST = 1.0, -1.0
"""Directions: towards the last state, towards the first."""


@dataclass(frozen=True)
class Variables:
    """The latent variables of the events with listed states.

    event: int64[v], event number of each variable; ordered: bool[v], whether its states run from
    low to high; first_state: int64[v + 1]; cumulative: float64[states], probability of the state
    or an earlier one; contract: int64[c], contracts with a variable, in order; variable: int64[c],
    the variable of each; pays: int64 sparse [c, states]; tables: the same, variable by variable.
    """

    event: np.ndarray
    ordered: np.ndarray
    first_state: np.ndarray
    cumulative: np.ndarray
    contract: np.ndarray
    variable: np.ndarray
    pays: csr_matrix
    tables: Sequence[np.ndarray]

    @property
    def states_of(self) -> np.ndarray:
        """Number of states of each variable: int64[v]."""
        return np.diff(self.first_state)

    def by_state(self, values: np.ndarray) -> np.ndarray:
        """Values by variable, repeated for each state of the variable."""
        return np.repeat(values, self.states_of)

    def prices(self, cumulative: np.ndarray) -> np.ndarray:
        """Prices of ``contract`` for shifted cumulative probabilities: int64[c]."""
        whole = np.rint(cumulative * BPS).astype(np.int64)
        whole[self.first_state[1:] - 1] = BPS
        counts = np.diff(whole, prepend=0)
        first = self.first_state[:-1]
        counts[first] = whole[first]
        return (self.pays @ counts + BPS // 2) // BPS

    def probabilities(self, v: int) -> np.ndarray:
        """Probabilities of the states of a variable: float64."""
        return np.diff(self.cumulative[self.first_state[v] : self.first_state[v + 1]], prepend=0.0)

    def contracts_of(self, v: int) -> slice:
        """Places in ``contract`` of the contracts of a variable."""
        return slice(*np.searchsorted(self.variable, [v, v + 1]).tolist())

    def payoffs_of(self, v: int) -> np.ndarray:
        """Payoff of each contract of a variable in each of its states: int64."""
        return self.tables[v]

    def prices_of(self, v: int, probabilities: np.ndarray) -> np.ndarray:
        """Prices of the contracts of one variable at given state probabilities: int64."""
        whole = np.rint(np.cumsum(probabilities) * BPS).astype(np.int64)
        whole[-1] = BPS
        return (self.payoffs_of(v) @ np.diff(whole, prepend=0) + BPS // 2) // BPS

    def moved(self, prices: np.ndarray, chosen: np.ndarray) -> Prices:
        """Scenario prices of the contracts of the chosen variables, bool[v]."""
        keep = chosen[self.variable]
        return Prices(self.contract[keep], prices[keep])


def variables(market: StressMarket) -> Variables:
    """The variables of all events with listed states; other events do not move."""
    event, ordered, sizes, cumulative, contract, variable, tables = [], [], [], [], [], [], []
    for e, stress_event in enumerate(market.events):
        first = int(market.first_contract[e])
        for part in variables_of(stress_event):
            contract.append(first + part.legs)
            variable.append(np.full(len(part.legs), len(event)))
            event.append(e)
            ordered.append(part.ordered)
            sizes.append(len(part.probabilities))
            cumulative.append(np.cumsum(part.probabilities))
            tables.append(part.payoffs)
    none = np.zeros(0, dtype=np.int64)
    return Variables(
        event=np.array(event, dtype=np.int64),
        ordered=np.array(ordered, dtype=bool),
        first_state=np.concatenate(([0], np.cumsum(sizes, dtype=np.int64))).astype(np.int64),
        cumulative=np.clip(np.concatenate([np.zeros(0), *cumulative]), 0.0, 1.0),
        contract=np.concatenate([none, *contract]),
        variable=np.concatenate([none, *variable]),
        pays=_block_diagonal(tables),
        tables=tables,
    )


@dataclass(frozen=True)
class Variable:
    """One variable of an event.

    legs: its legs; payoffs: int64[legs, states]; probabilities: float64[states]; labels: the
    states in words; possible: indices of the states still possible; ordered: whether the states
    run from low to high.
    """

    name: str
    legs: np.ndarray
    payoffs: np.ndarray
    probabilities: np.ndarray
    labels: tuple[str, ...]
    possible: np.ndarray
    ordered: bool = True


def variables_of(event: StressEvent) -> list[Variable]:
    """The variables of an event: one, one per contract if joint states are unknown, or none."""
    terms, marks = event.terms, np.asarray(event.marks, dtype=np.int64)
    if terms.structure in _TWO_STATES:
        pays = np.array([[0, terms.payout]], dtype=np.int64)
        shares = np.clip(marks / terms.payout, 0.0, 1.0).tolist()
        settled = [False] * len(marks) if event.settled is None else list(event.settled)
        return [
            Variable(
                leg if terms.structure == t.BINARIES else terms.event_ticker,
                np.array([i]),
                pays,
                np.array([1.0 - p, p]),
                ("no", "yes"),
                np.flatnonzero([p < 1, p > 0]) if settled[i] else np.arange(2),
            )
            for i, (leg, p) in enumerate(zip(terms.legs, shares, strict=True))
        ]
    if not has_listed_states(terms):
        return []
    matrix, labels = payoffs(terms, marks)
    # A variable never moves to the void state.
    states = matrix.shape[1] - len(terms.void_states)
    return [
        Variable(
            terms.event_ticker,
            np.arange(len(marks)),
            matrix[:, :states],
            event.fitted()[:states],
            labels[:states],
            possible_states(terms, marks, event.settled),
            terms.ordered,
        )
    ]


def _block_diagonal(tables: list[np.ndarray]) -> csr_matrix:
    """Sparse block-diagonal matrix; scipy's block_diag is slow for thousands of blocks."""
    rows, columns, values, row, column = [], [], [], 0, 0
    for table in tables:
        at, state = np.nonzero(table)
        rows.append(row + at)
        columns.append(column + state)
        values.append(table[at, state].astype(np.int64))
        row, column = row + table.shape[0], column + table.shape[1]
    none = np.zeros(0, dtype=np.int64)
    parts = [np.concatenate([none, *part]) for part in (values, rows, columns)]
    return csr_matrix((parts[0], (parts[1], parts[2])), shape=(row, column), dtype=np.int64)


def information(volatility_ratio: np.ndarray, tau_days: np.ndarray, days: np.ndarray) -> np.ndarray:
    """Share of the remaining information that ``days`` reveal; all of it from the resolution on.

    1 - (1 - days/tau)^(v^2), arrays by variable. Source: margin-model.md, section 3.
    """
    left = 1.0 - days / np.where(tau_days > days, tau_days, np.inf)
    return np.where(tau_days > days, 1.0 - left ** np.square(volatility_ratio), 1.0)


def tilt_of(share: np.ndarray, z: float) -> np.ndarray:
    """Move in probit units, z sqrt(f / (1 - f)), at the normal quantile z.

    Infinite for f = 1. Source: margin-model.md, section 5 (lambda of the gap).
    """
    rest = 1.0 - share
    return z * np.sqrt(np.divide(share, rest, out=np.full_like(share, np.inf), where=rest > 0))


def bridge_shift(
    cumulative: np.ndarray, share: np.ndarray, z: float, direction: float, at_quantile: bool = False
) -> np.ndarray:
    """Cumulative probabilities after a move of the latent variable at its z-quantile.

    Phi((Phi^-1(C) - sqrt(f) z) / sqrt(1 - f)), arrays by state; f = ``share`` of the information.
    Where it is 1 the event settles: in its last or first possible state, or ``at_quantile`` in the
    state into which the quantile falls.
    """
    settles = share >= 1.0
    # Certain states have no finite probit; ``_certain`` corrects them.
    with np.errstate(invalid="ignore"):
        probit = ndtri(cumulative)
        moved = probit - direction * z * np.sqrt(share)
        shifted = ndtr(moved / np.sqrt(np.where(settles, 1.0, 1.0 - share)))
    settled = probit > direction * z if at_quantile else direction == FIRST
    return _certain(cumulative, np.where(settles, np.float64(settled), shifted))


def normal_shift(cumulative: np.ndarray, move: np.ndarray, direction: float) -> np.ndarray:
    """Cumulative probabilities after a probit move of ``move``, arrays by state."""
    return _certain(cumulative, ndtr(ndtri(cumulative) - direction * move))


def _certain(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """Keep impossible states impossible: states without probability get none."""
    after = np.where(before <= _CERTAIN, 0.0, after)
    return np.where(before >= 1.0 - _CERTAIN, 1.0, after)


def tilted(
    probabilities: np.ndarray, tilt: float, losses: np.ndarray, tail: float = 0.0
) -> np.ndarray:
    """Probabilities distorted towards the states with the largest losses: float64[states].

    With u the probability of a state or a worse one, u becomes Phi(Phi^-1(u) + tilt). An infinite
    tilt settles the event in the worst state for which u exceeds ``tail``. Equal losses keep the
    state order.
    """
    order = np.argsort(-losses, kind="stable")
    after = np.zeros_like(probabilities)
    u = np.clip(np.cumsum(probabilities[order]), 0.0, 1.0)
    if not np.isfinite(tilt):
        possible = order[(probabilities[order] > _CERTAIN) & (u > tail)]
        after[possible[:1]] = 1.0
        return after
    distorted = _certain(u, ndtr(ndtri(u) + tilt))
    distorted[-1] = 1.0
    after[order] = np.diff(distorted, prepend=0.0)
    return after
