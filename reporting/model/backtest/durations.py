"""The Weibull test: is the rate of breaches independent of the time since the last breach?

Source: P. Christoffersen, D. Pelletier, "Backtesting value-at-risk: a duration-based
approach", Journal of Financial Econometrics 2(1), 2004.
"""

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from scipy.optimize import brentq

from reporting.model.backtest.history import flags
from reporting.model.backtest.verdicts import Verdict, chi_square
from reporting.model.errors import ModelError


@dataclass(frozen=True)
class Durations:
    """Observations between breaches, int64, at least 1.

    complete: from one breach to the next; censored: from the start to the first breach and from
    the last breach to the end, known only to be at least that long.
    """

    complete: np.ndarray
    censored: np.ndarray

    def __post_init__(self):
        for name in ("complete", "censored"):
            values = np.asarray(getattr(self, name))
            if values.ndim != 1 or (values < 1).any():
                raise ModelError(name, "must be durations of at least 1")


def durations(breached: np.ndarray) -> Durations:
    """Durations of one series, bool[observations].

    A series that starts with a covered observation has a censored first duration, the position
    of its first breach. A series that ends with a covered observation has a censored last
    duration, the observations after its last breach. Durations of several series can be joined.
    """
    breached = flags(breached)
    places = np.flatnonzero(breached) + 1
    censored = []
    if len(places) and places[0] > 1:
        censored.append(places[0])
    if len(places) and places[-1] < len(breached):
        censored.append(len(breached) - places[-1])
    return Durations(np.diff(places).astype(np.int64), np.array(censored, dtype=np.int64))


@dataclass(frozen=True)
class WeibullTest:
    """The verdict of the likelihood ratio, and the fitted shape b.

    Below 1 breaches cluster; above 1 they are more regular than under independence.
    """

    verdict: Verdict
    shape: float


def weibull_test(observed: Durations, confidence: Fraction | float = 0.95) -> WeibullTest | None:
    """Likelihood ratio of Weibull durations against exponential ones (b = 1).

    ln L = sum over complete of ln f(d) + sum over censored of ln S(d), S(d) = exp(-(a d)^b),
    f = -S'. LR = 2 (max over a and b of ln L - max over a at b = 1), chi-square with one degree
    of freedom. None if the distribution cannot be fitted: with no complete duration (fewer than
    two breaches), or if all complete durations equal the longest, because the likelihood then
    increases without bound in b.
    """
    complete = np.asarray(observed.complete, dtype=np.float64)
    if not len(complete):
        return None
    lengths = np.concatenate([complete, np.asarray(observed.censored, dtype=np.float64)])
    # In units of the longest, so that powers stay within 1; the ratio does not depend on units.
    logs, complete_logs = np.log(lengths / lengths.max()), np.log(complete / lengths.max())
    if not complete_logs.any():
        return None
    shape = _best_shape(logs, complete_logs)
    ratio = 2 * (_profile(shape, logs, complete_logs) - _profile(1.0, logs, complete_logs))
    return WeibullTest(chi_square(ratio, 1, confidence), shape)


def _profile(b: float, logs: np.ndarray, complete_logs: np.ndarray) -> float:
    """Log-likelihood at shape b and its optimal scale a^b = n / sum of d^b, up to a constant."""
    n = len(complete_logs)
    powers = float(np.exp(b * logs).sum())
    return n * math.log(b / powers) + b * float(complete_logs.sum())


def _best_shape(logs: np.ndarray, complete_logs: np.ndarray) -> float:
    """The shape that maximises the profile; its slope decreases in b, so the zero is unique."""
    mean_complete = float(complete_logs.mean())

    def slope(b: float) -> float:
        weights = np.exp(b * logs)
        return 1 / b + mean_complete - float((weights * logs).sum() / weights.sum())

    low, high = 1.0, 1.0
    while slope(low) < 0:
        low /= 2
    while slope(high) > 0:
        high *= 2
    return float(brentq(slope, low, high, xtol=1e-12, rtol=1e-14))
