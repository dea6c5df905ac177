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
"""Rounding may put a cumulative probability just below a bound that it equals, such as 0.9999
for one breach of two at 99 %."""


@dataclass(frozen=True)
class TrafficLight:
    """Zone of the breaches.

    zone: GREEN, YELLOW or RED; cumulative_probability: P(X <= breaches) at the target coverage;
    yellow_from, red_from: minimum number of breaches of each zone.
    """

    zone: str
    cumulative_probability: float
    yellow_from: int
    red_from: int


def traffic_light(counts: BreachCounts, coverage: Fraction | float) -> TrafficLight:
    """Zone of the breaches: yellow from a cumulative probability of 95 %, red from 99.99 %.

    No breaches are green, however few the observations.
    """
    p = breach_probability(coverage)
    yellow = _min_breaches(counts.observations, p, YELLOW_CUMULATIVE)
    red = _min_breaches(counts.observations, p, RED_CUMULATIVE)
    zone = RED if counts.breaches >= red else YELLOW if counts.breaches >= yellow else GREEN
    return TrafficLight(zone, at_most(counts.breaches, counts.observations, p), yellow, red)


def zone_of_draws(missed_share: float, draws: int, coverage: Fraction | float) -> str:
    """Zone at the effective sample size: ``missed_share x draws`` breaches, perhaps not whole.

    That of ``traffic_light`` where every observation is a draw.
    """
    if not missed_share:
        return GREEN
    cumulative = at_most(missed_share * draws, draws, breach_probability(coverage)) + _ROUNDING
    return (
        RED
        if cumulative >= RED_CUMULATIVE
        else YELLOW
        if cumulative >= YELLOW_CUMULATIVE
        else GREEN
    )


def _min_breaches(observations: int, probability: float, bound: float) -> int:
    """Minimum number of breaches, at least 1, with a cumulative probability at the bound."""
    low, high = 1, observations
    while low < high:
        middle = (low + high) // 2
        if at_most(middle, observations, probability) >= bound - _ROUNDING:
            high = middle
        else:
            low = middle + 1
    return low
