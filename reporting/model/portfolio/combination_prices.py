"""Prices of a combination in the scenarios: it moves with its legs.

Belongs here: from the prices of the legs to those of the combination, in each set. Source:
margin-model.md section 4.4.
"""

from collections.abc import Sequence

import numpy as np

from reporting.model.scenarios.event_prices import TwoSets

_MISSED_MEAN = 0.01
_HIGHEST_RATIO = 1.5
_STANDARD_ERRORS = 4


def combination_prices(
    mark: float, leg_marks: Sequence[float], legs: Sequence[TwoSets]
) -> TwoSets | None:
    """P* of a combination: float64[S] each; None where its legs do not explain its mark.

    mark: its raw mark; leg_marks: those of the selected legs; legs: their prices in the
    scenarios. P' = p x product of the moved legs / its mean, kept between the Frechet bounds of
    the moved legs. The legs do not explain a mark above 1.5 times the product of their own, nor one
    that the mean of P' misses by more than 1 % and four standard errors: with one leg left, P' is
    that leg, and its mean over 5,000 scenarios alone often misses a price of 0.01 by 1 %.
    """
    if mark > _HIGHEST_RATIO * float(np.prod(leg_marks)):
        return None
    sets = []
    for moved in zip(*legs, strict=True):
        product, total, lowest = np.ones(len(moved[0])), np.zeros(len(moved[0])), moved[0]
        for leg in moved:
            product = product * leg
            total = total + leg
            lowest = np.minimum(lowest, leg)
        mean = product.mean()
        floor = np.maximum(total - (len(moved) - 1), 0.0)
        prices = np.clip(mark * product / (mean or 1.0), floor, lowest)
        sampling = _STANDARD_ERRORS * float(prices.std()) / np.sqrt(len(prices))
        if abs(prices.mean() - mark) > _MISSED_MEAN * mark + sampling:
            return None
        sets.append(prices)
    return TwoSets(*sets)
