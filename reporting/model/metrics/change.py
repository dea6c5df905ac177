"""Change of an average against a reference window, with a bootstrap interval.

Belongs here: the estimate and its interval. Source: B. Efron, R. J. Tibshirani, "An
Introduction to the Bootstrap", 1993, chapter 13 (percentile interval). The bootstrap resamples
whole days, because trades of one day are dependent and resampling trades would give too narrow
an interval.
"""

from dataclasses import dataclass

import numpy as np

from reporting.model.errors import ModelError

DRAWS = 2000
COVERAGE = 0.95
SEED = 20_250_408


@dataclass(frozen=True)
class Change:
    """change: recent average / reference average - 1; low, high: its interval."""

    change: float
    low: float
    high: float


def change_of_average(
    recent: tuple[np.ndarray, np.ndarray],
    reference: tuple[np.ndarray, np.ndarray],
    draws: int = DRAWS,
    coverage: float = COVERAGE,
    seed: int = SEED,
) -> Change | None:
    """Change of amount per count between two windows of days, each (amounts, counts), int64[days].

    An average is the sum of amounts over the sum of counts, so each day has the weight of its
    count. None if a window has fewer than 2 days with a count, or all reference amounts are 0.
    The bounds are order statistics of the draws; the same input gives the same bits. Draws with
    a reference amount of 0 are left out.
    """
    if draws < 1 or not 0 < coverage < 1:
        raise ModelError("draws", "must be at least 1, and coverage between 0 and 1")
    (amount, count), (amount_before, count_before) = _window(recent), _window(reference)
    if min(len(count), len(count_before)) < 2 or not amount_before.sum():
        return None
    rng = np.random.Generator(np.random.PCG64(seed))
    now = rng.integers(0, len(count), (draws, len(count)))
    before = rng.integers(0, len(count_before), (draws, len(count_before)))
    drawn_before = amount_before[before].sum(axis=1)
    used = drawn_before > 0
    ratios = np.sort(
        _ratio(
            amount[now].sum(axis=1)[used],
            count[now].sum(axis=1)[used],
            drawn_before[used],
            count_before[before].sum(axis=1)[used],
        )
    )
    if not len(ratios):
        return None
    outside = int(np.floor(len(ratios) * (1 - coverage) / 2 + 1e-9))
    change = _ratio(amount.sum(), count.sum(), amount_before.sum(), count_before.sum())
    return Change(float(change), float(ratios[outside]), float(ratios[-1 - outside]))


def _ratio(amount, count, amount_before, count_before):
    # Two divisions of whole numbers: their product may not fit 64 bits.
    return (amount / count) / (amount_before / count_before) - 1.0


def _window(window: tuple[np.ndarray, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    amount, count = map(np.asarray, window)
    if amount.ndim != 1 or amount.shape != count.shape:
        raise ModelError("window", "must be two series of one length")
    if (amount < 0).any() or (count < 0).any():
        raise ModelError("window", "must not be below 0")
    some = count > 0
    return amount[some].astype(np.int64), count[some].astype(np.int64)
