"""Scenario prices of combinations: they move with their legs; model section 4, step 4.

Interpretation where the specification is open:

- "1.5 x the product of p" takes the raw marks of the legs, 1 - p for a leg selected as NO, and the
  model price of a leg that never traded.
- A leg that is a combination itself, or whose event has no scenario price, explains nothing.
- Where every product is 0 the combination is worth 0 in every scenario.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

TOLERANCE = 0.01
STANDARD_ERRORS = 4
"""The mean over the scenarios misses a price by chance, too."""
MAX_RATIO = 1.5


@dataclass(frozen=True)
class LegPrices:
    """One leg as selected (1 - price where NO was): its mark and P* of both sets, dollars."""

    mark: float
    at_rho: Sequence[float]
    at_zero: Sequence[float]


def selected(leg: LegPrices, yes: bool) -> LegPrices:
    """The leg, or its complement where NO was selected."""
    if yes:
        return leg
    return LegPrices(1 - leg.mark, [1 - p for p in leg.at_rho], [1 - p for p in leg.at_zero])


def moved_with_legs(price: float, legs: Sequence[Sequence[float]]) -> list[float]:
    """P' = p x product / mean product, within the Frechet bounds of the legs; one set."""
    joint = [math.prod(together) for together in zip(*legs, strict=True)]
    mean = math.fsum(joint) / len(joint)
    moved = []
    for product, together in zip(joint, zip(*legs, strict=True), strict=True):
        value = price * product / mean if mean > 0 else 0.0
        least = max(0.0, math.fsum(together) - (len(legs) - 1))
        moved.append(min(max(value, least), min(together)))
    return moved


def combination_prices(
    price: float, legs: Sequence[LegPrices]
) -> tuple[list[float], list[float]] | None:
    """Both sets, or None where the legs do not explain the mark."""
    sets = (
        moved_with_legs(price, [leg.at_rho for leg in legs]),
        moved_with_legs(price, [leg.at_zero for leg in legs]),
    )
    if price > MAX_RATIO * math.prod(leg.mark for leg in legs):
        return None
    for moved in sets:
        mean = math.fsum(moved) / len(moved)
        deviation = math.sqrt(math.fsum((one - mean) ** 2 for one in moved) / len(moved))
        sampling = STANDARD_ERRORS * deviation / math.sqrt(len(moved))
        if abs(mean - price) > TOLERANCE * price + sampling:
            return None
    return sets
