"""By which factor all shocks of a scenario must grow to reach a layer of the waterfall.

Belongs here: the factors, in hundredths. A factor multiplies the standard deviations of every move;
prices stay between 0 and the payout, so a layer may be out of reach. Source:
stress-default-backtest.md, "Search beyond the list".
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from reporting.model.stress.search.target_losses import Hurt

HUNDREDTHS = 100
MOST_HUNDREDTHS = 100 * HUNDREDTHS
"""Beyond a hundred times nothing moves any more."""


@dataclass(frozen=True)
class Threshold:
    """A layer that is reached when a loss exceeds ``amount``.

    beyond_margin: whether the loss beyond margin counts, or that beyond own contributions as well.
    """

    layer_id: str
    amount: int
    beyond_margin: bool = False

    def reached(self, hurt: Hurt) -> bool:
        """Whether a scenario touches the layer."""
        return (hurt.uncovered if self.beyond_margin else hurt.shortfall) > self.amount


def multipliers(
    hurt_at: Callable[[int], Hurt], thresholds: Sequence[Threshold]
) -> list[int | None]:
    """Smallest factor in hundredths at which each threshold is reached, None if none does.

    hurt_at: the loss at a factor in hundredths. Found by bisection: losses are taken not to fall
    when all moves grow, which holds for the net position that the moves are directed against.
    """
    known: dict[int, Hurt] = {}

    def hurt(factor: int) -> Hurt:
        if factor not in known:
            known[factor] = hurt_at(factor)
        return known[factor]

    return [_smallest(hurt, threshold) for threshold in thresholds]


def _smallest(hurt: Callable[[int], Hurt], threshold: Threshold) -> int | None:
    if not threshold.reached(hurt(MOST_HUNDREDTHS)):
        return None
    # Doubling first: most factors are small.
    high = HUNDREDTHS
    while not threshold.reached(hurt(high)):
        high = min(2 * high, MOST_HUNDREDTHS)
    low = 0
    while high - low > 1:
        middle = (low + high) // 2
        if threshold.reached(hurt(middle)):
            high = middle
        else:
            low = middle
    return high
