"""The terms of an event: its structure, its states and the payoff of each contract.

Belongs here: the terms as data, and the payoffs by state. ``structures`` derives the terms
from a venue's metadata; ``margin.worst_case`` says how much a book can lose. "Terms" always
means ``EventTerms``. Source: margin-model.md section 1.
"""

from dataclasses import dataclass
from itertools import combinations, product
from math import comb
from typing import NamedTuple

import numpy as np

from reporting.model.errors import ModelError
from reporting.units import CENTICENTS_PER_DOLLAR

BINARY = "binary"
EXCLUSIVE_EXHAUSTIVE = "exclusive_exhaustive"
EXCLUSIVE = "exclusive"
LADDER = "ladder"
LADDER_BRACKETS = "ladder_brackets"
K_OF_N = "k_of_n"
"""Exactly k contracts win."""
AT_LEAST_K = "at_least_k"
"""k contracts win, and more where there are ties."""
COMBINATION = "combination"
MATRIX = "matrix"
BINARIES = "binaries"
"""Contracts without known joint states: W is the sum of the contracts' worst cases."""
STRUCTURES = (
    BINARY,
    EXCLUSIVE_EXHAUSTIVE,
    EXCLUSIVE,
    LADDER,
    LADDER_BRACKETS,
    K_OF_N,
    AT_LEAST_K,
    COMBINATION,
    MATRIX,
    BINARIES,
)

VOID_NOTHING = "nothing"
VOID_HALF = "half"
VOID_LAST = "last"
VOID_FAIR = "fair"
VOIDS = (VOID_NOTHING, VOID_HALF, VOID_LAST, VOID_FAIR)
"""Unusual settlements: a contract pays nothing, half, its mark, or any price near its mark."""
_VOID_LABELS = {
    VOID_NOTHING: "none",
    VOID_HALF: "void at 50/50",
    VOID_LAST: "void at the last price",
}
MAX_STATES = 2**12
"""Events with more states are not enumerated (margin-model.md, combinations)."""


class CombinationLeg(NamedTuple):
    """One leg of a combination: the payoff of the market or, on side ``no``, its complement."""

    event_ticker: str
    market_ticker: str
    side: str


@dataclass(frozen=True)
class EventTerms:
    """The terms of one event.

    legs: tickers in state order. voids: the unusual settlements that the rules allow, of VOIDS
    and in that order. Each adds a state after all others; only ``fair`` adds none, because each
    contract may then settle anywhere within fair_band of its mark. fair_band: in units of price;
    None, the whole range, until the schedule sets it. k: number of winners, for
    k_of_n and at_least_k only. payoffs: contracts x states, in units of price, without void
    states, for ladder_brackets and matrix only. state_labels: one per column of payoffs, or one
    per state of a ladder. leg_labels: the meaning of YES for each leg. payout: payoff of a
    winning contract, in units of price. combination_legs: legs of a combination that could be
    read. on_one_variable: whether the strikes of an exclusive_exhaustive event cover one
    variable, in order. flags: caveats on how the terms were derived (``structures.FLAGS``).
    """

    event_ticker: str
    structure: str
    reason: str
    legs: tuple[str, ...]
    voids: tuple[str, ...] = ()
    k: int | None = None
    payoffs: tuple[tuple[int, ...], ...] = ()
    state_labels: tuple[str, ...] = ()
    leg_labels: tuple[str, ...] = ()
    payout: int = CENTICENTS_PER_DOLLAR
    combination_legs: tuple[CombinationLeg, ...] = ()
    flags: tuple[str, ...] = ()
    on_one_variable: bool = False
    fair_band: int | None = None

    def __post_init__(self):
        _check(self)

    @property
    def labels(self) -> tuple[str, ...]:
        """The label of each leg, or its ticker if there are no labels."""
        return self.leg_labels or self.legs

    @property
    def ordered(self) -> bool:
        """Whether the states run from low to high on one scale: margin-model.md section 1."""
        if self.structure == EXCLUSIVE_EXHAUSTIVE:
            return self.on_one_variable
        return self.structure in (BINARY, LADDER, LADDER_BRACKETS)

    @property
    def void_states(self) -> tuple[str, ...]:
        """The unusual settlements that are states of their own; these states come last."""
        return tuple(void for void in self.voids if void != VOID_FAIR)


def _check(terms: EventTerms) -> None:
    n = len(terms.legs)
    where = f"event {terms.event_ticker}"
    if terms.structure not in STRUCTURES:
        raise ModelError("structure", f"{where}: {terms.structure!r} is not a known structure")
    if n == 0 or len(set(terms.legs)) != n:
        raise ModelError("legs", f"{where}: needs at least one contract, each named once")
    if terms.structure in (BINARY, COMBINATION) and n != 1:
        raise ModelError("legs", f"{where}: a {terms.structure} has one contract, not {n}")
    if terms.combination_legs and terms.structure != COMBINATION:
        raise ModelError("combination_legs", f"{where}: a {terms.structure} has none")
    if terms.voids != tuple(void for void in VOIDS if void in terms.voids):
        raise ModelError("voids", f"{where}: {terms.voids!r}, must be of {VOIDS} in that order")
    if terms.fair_band is not None and not 0 <= terms.fair_band <= terms.payout:
        raise ModelError("fair_band", f"{where}: must lie between 0 and {terms.payout}")
    if terms.on_one_variable and terms.structure != EXCLUSIVE_EXHAUSTIVE:
        raise ModelError("on_one_variable", f"{where}: only for an {EXCLUSIVE_EXHAUSTIVE} event")
    if terms.payout <= 0:
        raise ModelError("payout", f"{where}: must be above zero")
    if terms.structure in (K_OF_N, AT_LEAST_K) and (terms.k is None or not 1 <= terms.k <= n):
        raise ModelError("k", f"{where}: must lie between 1 and {n}")
    if terms.structure in (LADDER_BRACKETS, MATRIX):
        widths = {len(row) for row in terms.payoffs}
        if len(terms.payoffs) != n or len(widths) != 1 or 0 in widths:
            raise ModelError("payoffs", f"{where}: needs one row per contract, all of one length")
    if terms.leg_labels and len(terms.leg_labels) != n:
        raise ModelError("leg_labels", f"{where}: needs one label per contract")


def state_count(terms: EventTerms) -> int:
    """Number of states of the event, including void states, listed or not."""
    n = len(terms.legs)
    if terms.structure in (BINARY, COMBINATION):
        count = 2
    elif terms.structure == EXCLUSIVE_EXHAUSTIVE:
        count = n
    elif terms.structure in (EXCLUSIVE, LADDER):
        count = n + 1
    elif terms.structure == K_OF_N:
        count = comb(n, terms.k)
    elif terms.structure == AT_LEAST_K:
        count = sum(comb(n, winners) for winners in range(terms.k, n + 1))
    elif terms.structure == BINARIES:
        count = 2**n
    else:
        count = len(terms.payoffs[0])
    return count + len(terms.void_states)


def outcome_count(terms: EventTerms) -> int:
    """Number of states that are no voids; they come first."""
    return state_count(terms) - len(terms.void_states)


def has_listed_states(terms: EventTerms) -> bool:
    """Whether ``payoffs`` can list the states: at most MAX_STATES, not counting voids."""
    return state_count(terms) <= MAX_STATES + len(terms.void_states)


def has_state_numbers(terms: EventTerms) -> bool:
    """Whether states have an index, even if there are too many to list."""
    return has_listed_states(terms) or terms.structure not in (K_OF_N, AT_LEAST_K, BINARIES)


def payoffs(terms: EventTerms, marks) -> tuple[np.ndarray, tuple[str, ...]]:
    """Payoff of each contract in each state, and the state labels.

    marks: int64[n], units of price; only a void at the last price uses them. A settlement at a
    fair price has no column. Returns
    (int64[n, m] units of price, m labels) in the state order of margin-model.md section 1.
    Raises ModelError for more than MAX_STATES states.
    """
    if not has_listed_states(terms):
        raise ModelError(
            "states",
            f"event {terms.event_ticker}: {state_count(terms)} states, at most {MAX_STATES}",
        )
    matrix, labels = _payoffs_without_void(terms)
    voids = [void_prices(terms, np.asarray(marks), void) for void in terms.void_states]
    columns = [matrix, *(prices.astype(matrix.dtype) for prices in voids)]
    return np.column_stack(columns), (*labels, *void_labels(terms))


def void_labels(terms: EventTerms) -> tuple[str, ...]:
    """The label of each void state."""
    return tuple(_VOID_LABELS[void] for void in terms.void_states)


def void_prices(terms: EventTerms, marks: np.ndarray, void: str) -> np.ndarray:
    """What each contract pays in a void state: [n], units of price."""
    if void == VOID_LAST:
        return marks
    return np.full_like(marks, terms.payout // 2 if void == VOID_HALF else 0)


def _payoffs_without_void(terms: EventTerms) -> tuple[np.ndarray, tuple[str, ...]]:
    n, pays = len(terms.legs), terms.payout
    dtype = np.int64 if pays <= 2**31 else object
    if terms.structure in (LADDER_BRACKETS, MATRIX):
        return _table(terms)
    if terms.structure in (BINARY, COMBINATION):
        return np.array([[0, pays]], dtype=dtype), ("no", "yes")
    if terms.structure in (EXCLUSIVE, EXCLUSIVE_EXHAUSTIVE):
        matrix = np.zeros((n, n), dtype=dtype)
        np.fill_diagonal(matrix, pays)
        if terms.structure == EXCLUSIVE_EXHAUSTIVE:
            return matrix, terms.labels
        return np.column_stack((matrix, np.zeros(n, dtype=dtype))), (*terms.labels, "none")
    if terms.structure == LADDER:
        matrix = np.zeros((n, n + 1), dtype=dtype)
        for leg in range(n):
            matrix[leg, leg + 1 :] = pays
        return matrix, terms.state_labels or tuple(f"first {j} pay" for j in range(n + 1))
    if terms.structure in (K_OF_N, AT_LEAST_K):
        most = terms.k if terms.structure == K_OF_N else n
        winners = [c for size in range(terms.k, most + 1) for c in combinations(range(n), size)]
        labels = tuple(" + ".join(terms.labels[leg] for leg in chosen) for chosen in winners)
    else:
        outcomes = list(product((True, False), repeat=n))
        winners = [[leg for leg in range(n) if wins[leg]] for wins in outcomes]
        labels = tuple(
            " + ".join(terms.labels[leg] for leg in chosen) or "none" for chosen in winners
        )
    matrix = np.zeros((n, len(winners)), dtype=dtype)
    for state, chosen in enumerate(winners):
        matrix[list(chosen), state] = pays
    return matrix, labels


def _table(terms: EventTerms) -> tuple[np.ndarray, tuple[str, ...]]:
    largest = max(abs(value) for row in terms.payoffs for value in row)
    matrix = np.array(terms.payoffs, dtype=np.int64 if largest <= 2**31 else object)
    labels = terms.state_labels or tuple(f"state {j}" for j in range(matrix.shape[1]))
    if len(labels) != matrix.shape[1]:
        raise ModelError("state_labels", f"event {terms.event_ticker}: needs one label per state")
    return matrix, labels
