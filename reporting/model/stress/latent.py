"""Consistent prices of all events when the latent variable of each event moves.

Belongs here: the step from cumulative state probabilities and a move to integer prices. Each
event has a normal latent variable that falls into one of its ordered states; each contract
without known joint states has its own variable, with states yes and no. A move shifts the
cumulative probabilities and all contracts are priced from the shifted ones, so no book loses
more than its worst case. Source: margin-model.md sections 3, 4 and 9 (probit bridge), order of
states from section 1.

Shifted probabilities are multiples of 1e-4, so prices of contracts that pay whole dollars are
exact. "Towards the last state" means no for a binary and high for a ladder.
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix
from scipy.special import expit, logit, ndtr, ndtri

from reporting.model.events import terms as t
from reporting.model.events.probabilities import possible_states
from reporting.model.events.terms import has_listed_states, payoffs
from reporting.model.stress.events import Prices, StressEvent, StressMarket
from reporting.units import BPS

_CERTAIN = 1e-9
LAST, FIRST = 1.0, -1.0
"""Directions: towards the last state, towards the first."""


@dataclass(frozen=True)
class Variables:
    """The latent variables of the events with listed states.

    event: int64[v], event number of each variable; first_state: int64[v + 1]; cumulative:
    float64[states], probability of the state or an earlier one; contract: int64[c], contracts
    with a variable, in order; variable: int64[c], the variable of each; pays: int64 sparse
    [c, states].
    """

    event: np.ndarray
    first_state: np.ndarray
    cumulative: np.ndarray
    contract: np.ndarray
    variable: np.ndarray
    pays: csr_matrix

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

    def moved(self, prices: np.ndarray, chosen: np.ndarray) -> Prices:
        """Scenario prices of the contracts of the chosen variables, bool[v]."""
        keep = chosen[self.variable]
        return Prices(self.contract[keep], prices[keep])


def variables(market: StressMarket) -> Variables:
    """The variables of all events with listed states; other events do not move."""
    event, sizes, cumulative, contract, variable, tables = [], [], [], [], [], []
    for e, stress_event in enumerate(market.events):
        first = int(market.first_contract[e])
        for part in variables_of(stress_event):
            contract.append(first + part.legs)
            variable.append(np.full(len(part.legs), len(event)))
            event.append(e)
            sizes.append(len(part.probabilities))
            cumulative.append(np.cumsum(part.probabilities))
            tables.append(part.payoffs)
    none = np.zeros(0, dtype=np.int64)
    return Variables(
        event=np.array(event, dtype=np.int64),
        first_state=np.concatenate(([0], np.cumsum(sizes, dtype=np.int64))).astype(np.int64),
        cumulative=np.clip(np.concatenate([np.zeros(0), *cumulative]), 0.0, 1.0),
        contract=np.concatenate([none, *contract]),
        variable=np.concatenate([none, *variable]),
        pays=_block_diagonal(tables),
    )


@dataclass(frozen=True)
class Variable:
    """One variable of an event.

    legs: its legs; payoffs: int64[legs, states]; probabilities: float64[states]; labels: the
    states in words; possible: indices of the states still possible.
    """

    name: str
    legs: np.ndarray
    payoffs: np.ndarray
    probabilities: np.ndarray
    labels: tuple[str, ...]
    possible: np.ndarray


def variables_of(event: StressEvent) -> list[Variable]:
    """The variables of an event: one, one per contract if joint states are unknown, or none."""
    terms, marks = event.terms, np.asarray(event.marks, dtype=np.int64)
    if terms.structure == t.BINARIES:
        pays = np.array([[0, terms.payout]], dtype=np.int64)
        shares = np.clip(marks / terms.payout, 0.0, 1.0).tolist()
        settled = [False] * len(marks) if event.settled is None else list(event.settled)
        return [
            Variable(
                leg,
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


def bridge_shift(
    cumulative: np.ndarray, tau_days: np.ndarray, days: np.ndarray, z: float, direction: float
) -> np.ndarray:
    """Cumulative probabilities after ``days`` at the z-quantile of the probit bridge.

    Phi((Phi^-1(C) sqrt(tau) - z sqrt(h)) / sqrt(tau - h)), arrays by state. If the resolution
    falls within the days, the event settles in its last or first possible state.
    """
    left = tau_days - days
    settles = left <= 0
    # Certain states have no finite probit; ``_certain`` corrects them.
    with np.errstate(invalid="ignore"):
        start = ndtri(cumulative) * np.sqrt(np.maximum(tau_days, 0.0))
    fall = direction * z * np.sqrt(days)
    shifted = ndtr((start - fall) / np.sqrt(np.where(settles, 1.0, left)))
    return _certain(cumulative, np.where(settles, float(direction == FIRST), shifted))


def volatility_shift(
    cumulative: np.ndarray, volatility: np.ndarray, settles: np.ndarray, z: float, direction: float
) -> np.ndarray:
    """Cumulative probabilities after a move of z x volatility in log-odds, arrays by state.

    volatility: sigma x sqrt(days); settles: bool, whether the event settles, as in
    ``bridge_shift``.
    """
    shifted = expit(logit(cumulative) - direction * z * volatility)
    return _certain(cumulative, np.where(settles, float(direction == FIRST), shifted))


def normal_shift(cumulative: np.ndarray, move: np.ndarray, direction: float) -> np.ndarray:
    """Cumulative probabilities after a probit move of ``move``, arrays by state."""
    return _certain(cumulative, ndtr(ndtri(cumulative) - direction * move))


def _certain(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """Keep impossible states impossible: states without probability get none."""
    after = np.where(before <= _CERTAIN, 0.0, after)
    return np.where(before >= 1.0 - _CERTAIN, 1.0, after)
