"""What the settled markets of an event may pay, and who lost more than any outcome could cost.

Belongs here: the test of settlement values against the outcome states, and an account's loss beyond
its worst case. Values and payoffs are int64 centicents. A settlement is possible if it is a mixture
of outcomes with weights that sum to 1: a dead heat pays each of N winners 1/N, which is the mean of
N outcomes. Source: margin-model.md section 1.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

import numpy as np
from scipy.optimize import linprog

from reporting.model.events import terms as t
from reporting.model.events.terms import EventTerms

TOLERANCE_CENTICENTS = 1.0
"""Each value may miss a mixture by this much: values are rounded to a centicent."""
_SOLVER_TOLERANCE = 1e-3
_MAX_LEGS_OF_A_COMBINATION = 11


@dataclass(frozen=True)
class Payable:
    """What the settled markets of an event may pay.

    payoffs: int64[n, m], by market and outcome. winners: fewest and most markets that pay in full,
    where the outcomes are too many to list; payoffs then hold the voids alone. fair: lowest and
    highest int64[n] of a settlement at a fair price, None if the rules know none. payout: of a
    winning market.
    """

    payoffs: np.ndarray
    payout: int
    winners: tuple[int, int] | None = None
    fair: tuple[np.ndarray, np.ndarray] | None = None

    def miss(self, values: np.ndarray) -> float:
        """Centicents by which the nearest mixture of outcomes misses one of the values, or 0.

        The nearest mixture is the one with the smallest largest miss. int64[n] values.
        """
        misses = [_distance(self.payoffs, values, self.payout)] if self.payoffs.size else []
        if self.winners is not None:
            misses.append(_distance_by_count(values, self.payout, *self.winners))
        if self.fair is not None:
            low, high = self.fair
            misses.append(float(np.maximum(low - values, values - high).max(initial=0)))
        return max(0.0, min(misses))

    def excess_losses(self, values: np.ndarray, quantities: np.ndarray) -> np.ndarray:
        """Loss of each book at these values beyond its loss in the worst outcome, not below 0.

        quantities: int64[books, n] net YES (1e-2 contracts). Returns int64[books] micros. The marks
        cancel out: it is the least that any outcome would have paid the book less what it was paid.
        """
        paid = quantities @ values
        least = [(quantities @ self.payoffs).min(axis=1)] if self.payoffs.size else []
        if self.winners is not None:
            fewest, most = self.winners
            ascending = np.sort(quantities, axis=1)
            # Beyond the fewest, a market that pays lowers the sum only while it is held short.
            further = np.minimum(ascending[:, fewest:most], 0).sum(axis=1)
            least.append((ascending[:, :fewest].sum(axis=1) + further) * self.payout)
        if self.fair is not None:
            low, high = self.fair
            least.append(np.minimum(quantities * low, quantities * high).sum(axis=1))
        return np.maximum(np.min(least, axis=0) - paid, 0)


def payable(terms: EventTerms, marks: np.ndarray, settled: np.ndarray) -> Payable:
    """What the settled legs of an event may pay; marks: int64[legs]; settled: bool[legs].

    Legs that are not settled may still pay anything that an outcome allows.
    """
    fair = None
    if t.VOID_FAIR in terms.voids:
        band = terms.payout if terms.fair_band is None else terms.fair_band
        near = marks[settled]
        fair = np.maximum(near - band, 0), np.minimum(near + band, terms.payout)
    if terms.structure == t.BINARIES:
        most = int(settled.sum())
        winners, columns = (0, most), _voids(terms, marks)
    elif t.has_listed_states(terms):
        winners, columns = None, t.payoffs(terms, marks)[0]
    else:
        open_legs, most = int((~settled).sum()), int(settled.sum())
        if terms.structure == t.K_OF_N:
            most = min(most, terms.k)
        winners, columns = (max(0, terms.k - open_legs), most), _voids(terms, marks)
    columns = np.unique(columns[settled].astype(np.int64), axis=1)
    return Payable(columns, terms.payout, winners, fair)


def payable_combination(
    terms: EventTerms, mark: int, value: int, leg_values: Mapping[str, int]
) -> tuple[Payable, np.ndarray] | None:
    """What a combination may pay beside its settled legs, and the values of both.

    ``value``: at which it settled; ``leg_values``: settlement values by ticker, of settled legs
    only. The rows of the result are the settled legs in order, NO sides as they are, and then the
    combination. Legs count as independent, which allows more than outcomes of one event would. None
    where the combination has voids of its own that explain the value, or no leg to judge it by.
    """
    voids = _voids(terms, np.array([mark]))[0]
    if t.VOID_FAIR in terms.voids or (np.abs(voids - value) <= TOLERANCE_CENTICENTS).any():
        return None
    legs = [leg for leg in terms.combination_legs if leg.market_ticker in leg_values]
    if not legs or len(legs) > _MAX_LEGS_OF_A_COMBINATION:
        return None
    any_open = len(legs) < len(terms.combination_legs)
    corners = np.array(list(product((0, 1), repeat=len(legs) + any_open)), dtype=np.int64).T
    hits = [
        corner if leg.side == "yes" else 1 - corner
        for leg, corner in zip(legs, corners[: len(legs)], strict=True)
    ]
    together = np.prod([*hits, *corners[len(legs) :]], axis=0)
    payoffs = np.vstack((corners[: len(legs)], together)) * terms.payout
    values = [leg_values[leg.market_ticker] for leg in legs]
    return Payable(payoffs, terms.payout), np.array([*values, value], dtype=np.int64)


def is_possible(miss: float) -> bool:
    """Whether settlement values with this miss are a mixture of outcomes, but for rounding."""
    return miss <= TOLERANCE_CENTICENTS + _SOLVER_TOLERANCE


def _voids(terms: EventTerms, marks: np.ndarray) -> np.ndarray:
    columns = [t.void_prices(terms, marks, void) for void in terms.void_states]
    return np.column_stack(columns) if columns else np.zeros((len(marks), 0), dtype=np.int64)


def _distance(payoffs: np.ndarray, values: np.ndarray, payout: int) -> float:
    """The smallest largest |mixture - value| over all mixtures of the columns, centicents."""
    if (payoffs == values[:, None]).all(axis=0).any():
        return 0.0
    n, m = payoffs.shape
    matrix, target = payoffs / payout, values / payout
    slack = np.full((n, 1), -1.0)
    bounded = linprog(
        np.append(np.zeros(m), 1.0),
        A_ub=np.vstack((np.hstack((matrix, slack)), np.hstack((-matrix, slack)))),
        b_ub=np.concatenate((target, -target)),
        A_eq=np.append(np.ones(m), 0.0)[None, :],
        b_eq=[1.0],
        bounds=(0, None),
        method="highs",
    )
    return float(bounded.fun) * payout


def _distance_by_count(values: np.ndarray, payout: int, fewest: int, most: int) -> float:
    """The same for outcomes in which from ``fewest`` to ``most`` markets pay in full.

    Their mixtures are all values from 0 to the payout whose sum lies between the two.
    """
    total = int(values.sum())
    apart = max(fewest * payout - total, total - most * payout, 0) / len(values)
    return max(apart, float(np.maximum(-values, values - payout).max()))
