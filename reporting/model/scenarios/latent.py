"""Ordered events: one latent normal moves every threshold by its own probability alone.

A price that must end at 0 or 1 is Phi of a latent normal. Of the remaining information a share f
becomes known: the cumulative probability C of a threshold becomes Phi((Phi^-1(C) - sqrt(f) Z) /
sqrt(1 - f)). This is an exact martingale, it keeps the contracts of an event consistent, and its
limit at f = 1 is the resolution. Source: margin-model.md section 4.3.
"""

import numpy as np
from scipy.special import ndtr, ndtri

from reporting.model.scenarios.draws import EventDraws
from reporting.model.scenarios.event_risk import EventRisk, Resolution


def latent_normal(event: EventRisk, draws: EventDraws) -> np.ndarray:
    """Z: float64[S], high where the event resolves high."""
    own = np.sqrt(1.0 - event.rho) * draws.eps
    return event.sign * np.sqrt(event.rho) * draws.group_factor + own


def cumulative(probabilities: np.ndarray) -> np.ndarray:
    """C of the thresholds between states, from low to high: float64[m - 1].

    Exactly 1 from the last possible state on, so that no impossible state gains probability.
    """
    total = np.minimum(np.cumsum(probabilities), 1.0)
    total[np.flatnonzero(probabilities)[-1] :] = 1.0
    return total[:-1]


def moved(thresholds: np.ndarray, latent: np.ndarray, information: np.ndarray) -> np.ndarray:
    """C' of each threshold: float64[thresholds, S]; information f: float64[S], 1 resolves."""
    resolved = information >= 1.0
    rest = np.where(resolved, 1.0, 1.0 - information)
    slope = 1.0 / np.sqrt(rest)
    shift = np.sqrt(information) * latent * slope
    after = np.empty((len(thresholds), len(latent)))
    at_resolution = np.flatnonzero(resolved)
    level = ndtr(latent[at_resolution])
    for row, threshold in zip(after, thresholds.tolist(), strict=True):
        if threshold in (0.0, 1.0):
            row[:] = threshold
            continue
        row[:] = ndtr(ndtri(threshold) * slope - shift)
        row[at_resolution] = level < threshold
    still = np.flatnonzero(information == 0.0)
    after[:, still] = thresholds[:, None]
    return after


def ordered_prices(
    event: EventRisk, latent: np.ndarray, information: np.ndarray, resolution: Resolution
) -> np.ndarray:
    """P* of an ordered event: float64[n, S]."""
    after = moved(cumulative(event.base), latent, information)
    everything = np.ones(1)
    for scenarios, probabilities in (
        (resolution.early, event.probabilities),
        (resolution.happened, event.happened if event.is_by_date else None),
    ):
        at = np.flatnonzero(scenarios)
        if len(at):
            after[:, at] = moved(cumulative(probabilities), latent[at], everything.repeat(len(at)))
    # Summed by parts, so that a contract sees its own thresholds only.
    prices = np.repeat(event.payoffs[:, -1:], len(latent), axis=1)
    steps = event.payoffs[:, :-1] - event.payoffs[:, 1:]
    for price, step in zip(prices, steps, strict=True):
        for threshold in np.flatnonzero(step):
            price += step[threshold] * after[threshold]
    return prices
