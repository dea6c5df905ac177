"""Volatility ratios: how much news comes, against what a price that must end at 0 or 1 expects.

Belongs here: the observation of a contract, the pools' averages, and the ratio of a history with
its interval. A market does not live long enough to estimate its own ratio, so observations are
pooled by category and time to resolution. 1 is the probit bridge. Source: margin-model.md
section 3.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.special import ndtri

DECAY = 0.97
"""Weight of yesterday's value in the moving average."""
MIN_PRICE, MAX_PRICE = 0.005, 0.995
"""Prices of hypothetical moves are kept within this range."""
BUCKET_DAYS = (2, 7, 30, 90)
"""Upper ends of the buckets in days to resolution; the last bucket is open-ended."""
BUCKETS = ("<=2", "3-7", "8-30", "31-90", ">90")
MIN_LAST_PRICE, MAX_LAST_PRICE = 0.02, 0.98
"""Observations start from a price strictly between these."""
_MIN_TODAY = 1e-4
_RESAMPLES = 1_000
_SEED = 153_2013


def bucket(days_to_resolution):
    """Index into BUCKETS for a time to resolution in days; partial days count as whole."""
    return np.searchsorted(BUCKET_DAYS, np.ceil(days_to_resolution), side="left")


def is_observed(last_price, tau_days):
    """Whether a move can be measured: more than a day to go, and a last price away from 0 and 1."""
    last_price = np.asarray(last_price)
    inside = (last_price > MIN_LAST_PRICE) & (last_price < MAX_LAST_PRICE)
    return inside & (np.asarray(tau_days) > 1)


def bridge_observation(last_price, price, last_tau_days, tau_days):
    """Squared move of a contract since its own last trade, 1 on average for the probit bridge.

    (c x - x_last)^2 / (1 - c^2), x = Phi^-1(price), c^2 = tau / tau_last. Prices are shares of the
    payout, today's is kept within 0.0001 and 0.9999; times are days to resolution now and at the
    last trade, which was longer before it.
    """
    revealed = np.asarray(tau_days) / np.asarray(last_tau_days)
    now = ndtri(np.clip(price, _MIN_TODAY, 1 - _MIN_TODAY))
    return (np.sqrt(revealed) * now - ndtri(last_price)) ** 2 / (1 - revealed)


def next_average(average, daily_mean, decay: float = DECAY):
    """The moving average of a pool's daily means one day later."""
    return decay * average + (1.0 - decay) * daily_mean


def averages(daily_means: Sequence[float], decay: float = DECAY) -> tuple[float, float]:
    """The moving average after a history of daily means, and its maximum over the history.

    daily_means: of the days with observations, at least one, in order of time; the first
    initialises the average.
    """
    average = highest = daily_means[0]
    for daily_mean in daily_means[1:]:
        average = next_average(average, daily_mean, decay)
        highest = max(highest, average)
    return float(average), float(highest)


class MeasuredRatio(NamedTuple):
    """A volatility ratio v measured over a history, with its interval.

    observations: event-days; events: different events among them.
    """

    ratio: float
    low: float
    high: float
    observations: int
    events: int


def measured_ratio(
    observations: np.ndarray, events: np.ndarray, confidence: float = 0.95
) -> MeasuredRatio:
    """The ratio v = root of the mean observation, with a bootstrap interval by event.

    observations: float64[k], one per event and day, at least one; events: int64[k], the event of
    each. Whole events are drawn with replacement, because the days of one event are not independent
    where the bridge does not hold. The draws are always the same ones.
    """
    number, of_event = np.unique(events, return_inverse=True)
    sums = np.bincount(of_event, weights=observations)
    days = np.bincount(of_event)
    draws = np.random.Generator(np.random.Philox(_SEED))
    chosen = draws.multinomial(len(number), np.full(len(number), 1 / len(number)), _RESAMPLES)
    means = np.sort((chosen @ sums) / (chosen @ days))
    tail = (1 - confidence) / 2
    low, high = np.quantile(means, [tail, 1 - tail])
    mean = sums.sum() / days.sum()
    return MeasuredRatio(
        float(mean**0.5), float(low**0.5), float(high**0.5), len(observations), len(number)
    )
