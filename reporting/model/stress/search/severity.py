"""How severe a joint move of clusters may be and stay within a stated plausibility.

Belongs here: the probability that all chosen clusters move at least so far, and the largest
severity that is as likely as stated. A cluster is one draw, whatever the number of its events.
Sources: stress-default-backtest.md, "Search beyond the list"; margin-model.md, section 4.3.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

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
        self._steps: dict[tuple[tuple[str, int], ...], int] = {}

    def steps_of(self, categories: Sequence[str]) -> int:
        """The severity in steps; 0 where no move of so many clusters is plausible."""
        key = tuple(sorted(Counter(categories).items()))
        if key not in self._steps:
            low, high = 0, MOST_STEPS
            while low < high:
                middle = (low + high + 1) // 2
                if self.correlated(categories, middle / STEPS_A_UNIT) >= self._plausible:
                    low = middle
                else:
                    high = middle - 1
            self._steps[key] = low
        return self._steps[key]

    def correlated(self, categories: Sequence[str], z: float) -> float:
        """Probability that all move at least z standard deviations, at the model's correlation."""
        return correlated_probability(self._tails(categories, z))

    def independent(self, categories: Sequence[str], z: float) -> float:
        """The same if clusters were independent."""
        return independent_probability(self._tails(categories, z))

    def _tails(self, categories: Sequence[str], z: float) -> list[ResolvedState]:
        tail = float(ndtr(-z))
        return [ResolvedState(name, of_category(self._rho, name), 0.0, tail) for name in categories]
