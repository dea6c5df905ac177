"""Acerbi and Székely's second test of expected shortfall, with simulated critical values.

Source: C. Acerbi, B. Székely, "Back-testing expected shortfall", Risk, December 2014 (Z2).
The draws are counter-based streams, one per observation (``margin.draws``): the same seed gives
the same answer, and an additional trial or observation changes no earlier draw.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import partial

import numpy as np
from scipy.special import gammaln, ndtri, stdtrit

from reporting.model.backtest.verdicts import Verdict, significance
from reporting.model.errors import ModelError
from reporting.model.scenarios.draws import uniforms

NORMAL, STUDENT_T = "normal", "student-t"
LAWS = (NORMAL, STUDENT_T)
_STREAM = "shortfall-backtest"


@dataclass(frozen=True)
class TailLaw:
    """The standard distribution of returns under a correct model, before location and scale.

    tail: 1 - level; value_at_risk, expected_shortfall: of the standard distribution at that
    level; quantile: its inverse, uniforms below ``tail`` to returns.
    """

    tail: float
    value_at_risk: float
    expected_shortfall: float
    quantile: Callable[[np.ndarray], np.ndarray]


def tail_law(
    name: str, level: Fraction | float, degrees_of_freedom: float | None = None
) -> TailLaw:
    """The distribution ``normal``, or ``student-t`` with more than one degree of freedom.

    Student's t has no mean otherwise. level: of value at risk and expected shortfall, such as
    0.975. Raises ModelError.
    """
    if not 0.5 <= level < 1:
        raise ModelError("level", "must be at least 0.5 and below 1")
    tail = float(1 - level)
    if name == NORMAL:
        if degrees_of_freedom is not None:
            raise ModelError("degrees_of_freedom", f"applies to {STUDENT_T} only")
        quantile = float(ndtri(tail))
        density = math.exp(-(quantile**2) / 2) / math.sqrt(2 * math.pi)
        return TailLaw(tail, -quantile, density / tail, ndtri)
    if name != STUDENT_T:
        raise ModelError("distribution", f"must be one of {', '.join(LAWS)}")
    freedom = degrees_of_freedom
    if freedom is None or not 1 < freedom <= 1e6:
        raise ModelError("degrees_of_freedom", "must be above 1 and at most 1000000")
    quantile = float(stdtrit(freedom, tail))
    log_density = (
        float(gammaln((freedom + 1) / 2) - gammaln(freedom / 2))
        - math.log(freedom * math.pi) / 2
        - (freedom + 1) / 2 * math.log1p(quantile**2 / freedom)
    )
    shortfall = math.exp(log_density) / tail * (freedom + quantile**2) / (freedom - 1)
    return TailLaw(tail, -quantile, shortfall, partial(stdtrit, freedom))


@dataclass(frozen=True)
class Predictions:
    """Predictions and outcomes, arrays of one length.

    returns: gain of each observation, losses negative; value_at_risk, expected_shortfall:
    predicted losses, positive if money can be lost. Integers or float64; integers are compared
    exactly.
    """

    returns: np.ndarray
    value_at_risk: np.ndarray
    expected_shortfall: np.ndarray

    def __post_init__(self):
        if not len(self.returns):
            raise ModelError("returns", "must not be empty")
        for name in ("returns", "value_at_risk", "expected_shortfall"):
            values = np.asarray(getattr(self, name))
            if values.shape != (len(self.returns),):
                raise ModelError(name, f"needs {len(self.returns)}, one per observation")
            if not np.isfinite(values.astype(np.float64)).all():
                raise ModelError(name, "must be finite")
        shortfall = np.asarray(self.expected_shortfall)
        if (shortfall <= 0).any():
            raise ModelError("expected_shortfall", "must be above 0")
        if (np.asarray(self.value_at_risk) > shortfall).any():
            raise ModelError("value_at_risk", "must not be above the expected shortfall")

    @property
    def breached(self) -> np.ndarray:
        """Whether the loss exceeds the value at risk: bool[observations]."""
        return (np.asarray(self.returns) < -np.asarray(self.value_at_risk)).astype(bool)


def z2(predictions: Predictions, tail: float) -> float:
    """Z2 = 1 + (sum over breaches of return / expected shortfall) / (n x tail).

    The mean is 0 if the predictions are right; losses that are more frequent or larger than
    predicted make it negative. tail: 1 - level.
    """
    breached = predictions.breached
    ratios = (
        np.asarray(predictions.returns)[breached]
        / np.asarray(predictions.expected_shortfall)[breached]
    ).astype(np.float64)
    return 1.0 + math.fsum(ratios.tolist()) / (len(breached) * tail)


def simulated_z2(predictions: Predictions, law: TailLaw, seed: int, trials: int) -> np.ndarray:
    """Z2 of ``trials`` histories in which the predictions are right: float64[trials], sorted.

    Each observation breaches independently with probability ``tail``. Its loss then follows the
    tail of the distribution, shifted and scaled so that the minimum is the observation's value
    at risk and the mean its expected shortfall: loss / ES = 1 + (1 - VaR/ES) (x - es) /
    (es - var), with x the loss, var and es the risk measures of the standard distribution. If
    VaR/ES equals var/es, this is x / es.
    """
    if trials < 1:
        raise ModelError("trials", "must be at least 1")
    ratios = np.asarray(predictions.value_at_risk) / np.asarray(predictions.expected_shortfall)
    spread = law.expected_shortfall - law.value_at_risk
    stretches = (1.0 - ratios.astype(np.float64)) / spread
    lost = np.zeros(trials)
    for observation, stretch in enumerate(stretches.tolist()):
        drawn = uniforms(seed, _STREAM, str(observation), trials)
        hit = np.flatnonzero(drawn < law.tail)
        beyond = -law.quantile(drawn[hit]) - law.expected_shortfall
        lost[hit] += 1.0 + stretch * beyond
    return np.sort(1.0 - lost / (len(stretches) * law.tail))


def critical_value(simulated: np.ndarray, share: float) -> float | None:
    """The critical value: statistics below it have a p-value of at most ``share``.

    The k-th smallest simulated value, k = floor(share x (trials + 1)); None with too few trials.
    """
    # The factor corrects a product that rounding puts just below an integer.
    rank = math.floor(share * (len(simulated) + 1) * (1 + 1e-12))
    return float(simulated[rank - 1]) if rank else None


@dataclass(frozen=True)
class ShortfallTest:
    """One-sided verdict on Z2: rejects if losses are too frequent or too large.

    The p-value is (1 + simulated values at or below Z2) / (1 + trials), never 0. simulated:
    sorted float64[trials].
    """

    verdict: Verdict
    simulated: np.ndarray


def shortfall_test(
    predictions: Predictions,
    law: TailLaw,
    seed: int,
    trials: int,
    confidence: Fraction | float = 0.95,
) -> ShortfallTest:
    """Z2 of the predictions, tested against simulated histories in which they are right."""
    simulated = simulated_z2(predictions, law, seed, trials)
    statistic = z2(predictions, law.tail)
    as_low = int(np.searchsorted(simulated, statistic, side="right"))
    critical = critical_value(simulated, significance(confidence))
    reject = critical is not None and statistic < critical
    return ShortfallTest(Verdict(statistic, (1 + as_low) / (1 + trials), reject), simulated)
