"""Volatility of log-odds: returns, the pooled moving average and its floors.

A price in (0, 1) moves in log-odds. A market does not live long enough to estimate its own
volatility, so returns are pooled by category and time to resolution. Volatilities are per
square root of a day. Source: margin-model.md section 3.
"""

import numpy as np
from scipy.special import ndtri

DECAY = 0.97
"""Weight of yesterday's variance in the moving average."""
MIN_PRICE, MAX_PRICE = 0.005, 0.995
"""Prices are clipped to this range before taking log-odds."""
STRESS_WEIGHT = 0.25
BUCKET_DAYS = (2, 7, 30, 90)
"""Upper ends of the buckets in days to resolution; the last bucket is open-ended."""
BUCKETS = ("<=2", "3-7", "8-30", "31-90", ">90")


def bucket(days_to_resolution):
    """Index into BUCKETS for a time to resolution in days; partial days count as whole."""
    return np.searchsorted(BUCKET_DAYS, np.ceil(days_to_resolution), side="left")


def next_variance(variance, mean_square, decay: float = DECAY):
    """The moving average of a pool's squared returns one day later."""
    return decay * variance + (1.0 - decay) * mean_square


def averages(mean_squares, decay: float = DECAY) -> tuple[float, float]:
    """The moving average after a history of mean squares, and its maximum over the history.

    mean_squares: float64[days with observations], at least one, in order of time; the first
    initialises the average.
    """
    average = highest = mean_squares[0]
    for mean_square in mean_squares[1:]:
        average = next_variance(average, mean_square, decay)
        highest = max(highest, average)
    return float(average), float(highest)


def bridge(price, days_to_resolution, liquidation_days):
    """Volatility implied by the price having to end at 0 or 1 by the resolution.

    phi(Phi^-1(p)) / (p (1-p) sqrt(max(tau - days/2, 1/2))); price clipped, days floats.
    """
    clipped = np.clip(price, MIN_PRICE, MAX_PRICE)
    density = np.exp(-(ndtri(clipped) ** 2) / 2) / np.sqrt(2 * np.pi)
    horizon = np.maximum(days_to_resolution - np.asarray(liquidation_days) / 2, 0.5)
    return density / (clipped * (1 - clipped) * np.sqrt(horizon))


def sigma(moving_average, stress, long_run, bridge_volatility):
    """Volatility of the scenarios: the largest of four estimates.

    They are the pool's moving average, its blend with the stress volatility, the ten-year
    volatility of the bucket, and the bridge. The blend and the floor limit how far margin falls
    in calm periods (EMIR RTS 153/2013 art 28(1)(b),(c)).
    """
    blend = (1 - STRESS_WEIGHT) * moving_average + STRESS_WEIGHT * stress
    return np.maximum(np.maximum(moving_average, blend), np.maximum(long_run, bridge_volatility))
