"""The Basel traffic light, for any number of observations and any coverage level.

Source: Basel Committee on Banking Supervision, "Supervisory framework for the use of
'backtesting' in conjunction with the internal models approach to market risk capital
requirements", 1996, section III. There: 250 observations at 99 %, yellow from 5, red from 10.
"""

from dataclasses import dataclass
from fractions import Fraction

from reporting.model.backtest.binomial import at_most
from reporting.model.backtest.history import BreachCounts
from reporting.model.backtest.verdicts import breach_probability

GREEN, YELLOW, RED = "green", "yellow", "red"
YELLOW_CUMULATIVE = 0.95
RED_CUMULATIVE = 0.9999
_ROUNDING = 1e-12
"""A cumulative probability that is a bound exactly, as 0.9999 for one breach of two at
99 %, may come out a last digit below it."""


@dataclass(frozen=True)
class TrafficLight:
    """zone: GREEN, YELLOW or RED; cumulative_probability: P(X <= breaches) if coverage is
    right; yellow_from, red_from: the least breaches of each zone."""

    zone: str
    cumulative_probability: float
    yellow_from: int
    red_from: int


def traffic_light(counts: BreachCounts, coverage: Fraction | float) -> TrafficLight:
    """Zone of the breaches. Yellow begins where the cumulative probability reaches 95 %, red
    where it reaches 99.99 %; no breach is green, however few the observations are."""
    p = breach_probability(coverage)
    yellow = _least(counts.observations, p, YELLOW_CUMULATIVE)
    red = _least(counts.observations, p, RED_CUMULATIVE)
    zone = RED if counts.breaches >= red else YELLOW if counts.breaches >= yellow else GREEN
    return TrafficLight(zone, at_most(counts.breaches, counts.observations, p), yellow, red)


def _least(observations: int, probability: float, bound: float) -> int:
    """The least number of breaches, at least 1, whose cumulative probability reaches it."""
    low, high = 1, observations
    while low < high:
        middle = (low + high) // 2
        if at_most(middle, observations, probability) >= bound - _ROUNDING:
            high = middle
        else:
            low = middle + 1
    return low
