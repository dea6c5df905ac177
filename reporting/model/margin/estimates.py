"""Parameters of the schedule estimated from a history, each with its interval.

Belongs here: the rate of early resolutions and the share of the worst case that they cost. The
volatility ratio is measured in ``volatility``. Source: margin-model.md section 7.
"""

from typing import NamedTuple

import numpy as np
from scipy.special import gammaincinv

_RESAMPLES = 1_000
_SEED = 39_13


class Estimate(NamedTuple):
    """A parameter with its interval; observations: what it rests on."""

    value: float
    low: float
    high: float
    observations: int


def daily_rate(events: int, event_days: int, confidence: float = 0.95) -> Estimate:
    """Early resolutions per event-day, with the exact Poisson interval (Garwood, 1936).

    event_days: at least 1.
    """
    tail = (1 - confidence) / 2
    low = gammaincinv(events, tail) if events else 0.0
    high = gammaincinv(events + 1, 1 - tail)
    return Estimate(events / event_days, low / event_days, float(high) / event_days, events)


def lost_share(lost: np.ndarray, worst: np.ndarray, confidence: float = 0.95) -> Estimate:
    """Losses over worst cases of the events that resolved early, with a bootstrap interval.

    lost, worst: float64[events], at least one, worst above 0. Events are drawn with replacement;
    the draws are always the same ones.
    """
    events = len(lost)
    draws = np.random.Generator(np.random.Philox(_SEED))
    chosen = draws.multinomial(events, np.full(events, 1 / events), _RESAMPLES)
    shares = (chosen @ lost) / (chosen @ worst)
    tail = (1 - confidence) / 2
    low, high = np.quantile(shares, [tail, 1 - tail])
    return Estimate(float(lost.sum() / worst.sum()), float(low), float(high), events)
