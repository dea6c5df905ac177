"""Prices of an event's contracts in every scenario: news, and resolutions.

Belongs here: the step from state probabilities and draws to P*, in the set at the group's
correlation and in the set without. ``latent`` moves ordered events, ``signals`` unordered ones.
Source: margin-model.md section 4.
"""

from typing import NamedTuple

import numpy as np
from scipy.special import bdtr

from reporting.model.scenarios.draws import EventDraws
from reporting.model.scenarios.event_risk import EventRisk, Resolution
from reporting.model.scenarios.latent import latent_normal, ordered_prices
from reporting.model.scenarios.signals import common_direction, unordered_prices


class TwoSets(NamedTuple):
    """Prices float64[n, S], shares of the payout: at the group's correlation, and at none.

    Where a correlation changes nothing both are the same array.
    """

    at_rho: np.ndarray
    at_zero: np.ndarray


def scenario_prices(event: EventRisk, draws: EventDraws) -> TwoSets:
    """P* of one event in both sets: float64[n, S] each, shares of the payout."""
    information = revealed_information(event, draws)
    resolution = Resolution(
        happened=draws.cluster < event.happens_probability,
        early=draws.cluster < event.early_probability,
    )
    if event.is_ordered:
        at_zero = ordered_prices(event, draws.eps, information, resolution)
        if event.rho == 0:
            return TwoSets(at_zero, at_zero)
        latent = latent_normal(event, draws)
        return TwoSets(ordered_prices(event, latent, information, resolution), at_zero)
    at_zero = unordered_prices(event, draws.eta, draws.theta, information, resolution)
    if event.loadings is None or event.rho == 0:
        return TwoSets(at_zero, at_zero)
    eta = common_direction(event, draws)
    return TwoSets(unordered_prices(event, eta, draws.theta, information, resolution), at_zero)


def revealed_information(event: EventRisk, draws: EventDraws) -> np.ndarray:
    """The share of the remaining information that each scenario reveals: float64[S].

    f itself, or K/J with K the smallest number of lumps whose cumulative binomial probability
    exceeds the draw; an event that happens by a date keeps one lump, since it does not fail before.
    """
    scenarios = len(draws.cluster)
    if event.lumps is None:
        return np.full(scenarios, event.information)
    lumps = event.lumps
    cumulative = bdtr(np.arange(lumps, dtype=np.float64), lumps, event.information)
    count = np.searchsorted(cumulative, draws.info, side="right")
    return np.minimum(count, lumps - event.is_by_date) / lumps
