"""Volatility of log-odds: returns, the pooled moving average, and the floors under it.

A price in (0, 1) is moved by its log-odds. No market lives long enough to have a
volatility of its own, so returns are pooled by category and time to resolution.
Volatilities are per square root of a day. Source: margin-model.md section 3.
"""

import numpy as np
from scipy.special import ndtr, ndtri

DECAY = 0.97
"""Weight of yesterday's variance in the moving average."""
LOWEST_PRICE, HIGHEST_PRICE = 0.005, 0.995
"""Prices are clipped to this before a log-odds is taken."""
STRESS_WEIGHT = 0.25
BUCKET_DAYS = (2, 7, 30, 90)
"""Days to resolution up to which the buckets reach; the last bucket has no end."""
BUCKETS = ("<=2", "3-7", "8-30", "31-90", ">90")


def log_odds(price):
    """logit of the clipped price, float or array of shares of the payout."""
    clipped = np.clip(price, LOWEST_PRICE, HIGHEST_PRICE)
    return np.log(clipped) - np.log1p(-clipped)


def log_odds_return(price, previous):
    """r = logit(p_t) - logit(p_t-1), both clipped."""
    return log_odds(price) - log_odds(previous)


def bucket(days_to_resolution):
    """Index into BUCKETS of a time to resolution in days; part days count as whole ones."""
    return np.searchsorted(BUCKET_DAYS, np.ceil(days_to_resolution), side="left")


def next_variance(variance, mean_square, decay: float = DECAY):
    """Moving average of a pool's squared returns, one day on."""
    return decay * variance + (1.0 - decay) * mean_square


def averages(mean_squares, decay: float = DECAY) -> tuple[float, float]:
    """The moving average after a history of mean squares, and the highest that it ever was.

    mean_squares: float64[days with observations], at least one, in order of time; the first
    starts the average.
    """
    average = highest = mean_squares[0]
    for mean_square in mean_squares[1:]:
        average = next_variance(average, mean_square, decay)
        highest = max(highest, average)
    return float(average), float(highest)


def bridge(price, days_to_resolution, liquidation_days):
    """Volatility that a price has because it must end at 0 or 1 by the resolution.

    phi(Phi^-1(p)) / (p (1-p) sqrt(max(tau - days/2, 1/2))); price clipped, days floats.
    """
    clipped = np.clip(price, LOWEST_PRICE, HIGHEST_PRICE)
    density = np.exp(-(ndtri(clipped) ** 2) / 2) / np.sqrt(2 * np.pi)
    horizon = np.maximum(days_to_resolution - np.asarray(liquidation_days) / 2, 0.5)
    return density / (clipped * (1 - clipped) * np.sqrt(horizon))


def sigma(moving_average, stress, long_run, bridge_volatility):
    """The volatility that scenarios use: the largest of the pool's moving average, its blend
    with the stress volatility, the ten-year volatility of the bucket, and the bridge.

    The blend and the floor keep margin from falling far in calm times (EMIR RTS 153/2013
    art 28(1)(b),(c)).
    """
    blend = (1 - STRESS_WEIGHT) * moving_average + STRESS_WEIGHT * stress
    return np.maximum(np.maximum(moving_average, blend), np.maximum(long_run, bridge_volatility))


def adverse_price(price, days_to_resolution, liquidation_days, quantile: float = 0.99):
    """Price that a long is left with in the quantile of the probit bridge.

    Phi((Phi^-1(p) sqrt(tau) - z sqrt(h)) / sqrt(tau - h)), for tau > h. Source:
    margin-model.md section 9: 0.5 thirty days out falls to 0.333 in one day, 0.149 in five.
    """
    start = ndtri(price) * np.sqrt(days_to_resolution)
    fall = ndtri(quantile) * np.sqrt(liquidation_days)
    return ndtr((start - fall) / np.sqrt(np.asarray(days_to_resolution) - liquidation_days))
