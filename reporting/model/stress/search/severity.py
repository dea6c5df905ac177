"""How severe a joint move of clusters may be and stay within a stated plausibility.

Belongs here: the probability that all chosen clusters move at least so far, and the largest
severity that is as likely as stated. A cluster is one draw, whatever the number of its events.
Sources: stress-default-backtest.md, "Search beyond the list"; margin-model.md, section 4.3.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache

from scipy.special import ndtr

from reporting.model.margin.schedule import of_category
from reporting.model.stress.joint_probability import (
    ResolvedState,
    correlated_probability,
    independent_probability,
)

STEPS_A_UNIT = 20
"""Severities are multiples of a twentieth of a standard deviation."""
MOST_STEPS = 8 * STEPS_A_UNIT


class Severities:
    """Severity of a set of clusters, by the number of its clusters in each category.

    rho: correlation by category, with "default"; plausible: smallest joint probability allowed,
    under the model's correlation with all moves on the same side of the factor. That is the largest
    joint probability that their directions can have, so the severity is the largest as well.
    """

    def __init__(self, rho: Mapping[str, float], plausible: float) -> None:
        self._rho, self._plausible = rho, plausible

    def steps_of(self, categories: Sequence[str]) -> int:
        """The severity in steps; 0 where no move of so many clusters is plausible."""
        return _steps(self._sizes(categories), self._plausible)

    def correlated(self, categories: Sequence[str], z: float) -> float:
        """Probability that all move at least z standard deviations, at the model's correlation."""
        return correlated_probability(_tails(self._sizes(categories), z))

    def independent(self, categories: Sequence[str], z: float) -> float:
        """The same if clusters were independent."""
        return independent_probability(_tails(self._sizes(categories), z))

    def _sizes(self, categories: Sequence[str]) -> tuple[tuple[float, int], ...]:
        """Correlation and number of clusters of each category, whichever category it is."""
        counts = Counter(categories)
        return tuple(sorted((of_category(self._rho, name), n) for name, n in counts.items()))


@cache
def _steps(sizes: tuple[tuple[float, int], ...], plausible: float) -> int:
    low, high = 0, MOST_STEPS
    while low < high:
        middle = (low + high + 1) // 2
        if correlated_probability(_tails(sizes, middle / STEPS_A_UNIT)) >= plausible:
            low = middle
        else:
            high = middle - 1
    return low


def _tails(sizes: tuple[tuple[float, int], ...], z: float) -> list[ResolvedState]:
    tail = float(ndtr(-z))
    return [
        ResolvedState(str(group), rho, 0.0, tail)
        for group, (rho, count) in enumerate(sizes)
        for _ in range(count)
    ]
