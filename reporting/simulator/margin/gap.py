"""The worst that one liquidation period can bring to an event (docs/model.md, section 5)."""

import math

import numpy as np
from scipy.special import ndtr, ndtri

from reporting.simulator.margin.margin_events import MarginEvent
from reporting.simulator.margin.shortfall import up_from_thousandths


def gaps(losses: np.ndarray, worst: np.ndarray, own: MarginEvent, quantile: float) -> np.ndarray:
    """Gap of each book, micros.

    ``losses``: books x states, ``worst``: of each book, not below 0; both in micros.
    """
    if own.chance is None:
        return worst
    gap = up_from_thousandths(_move(losses, own, quantile))
    if own.resolves_inside:
        sudden = worst
    elif own.event.happens_by:
        sudden = np.maximum(losses[:, own.happened].max(axis=1), 0)
    elif own.event.early:
        sudden = worst
    else:
        sudden = np.zeros_like(worst)
    return np.minimum(np.maximum(gap, -(-own.kappa_bps * sudden // 10_000)), worst)


def _move(losses: np.ndarray, own: MarginEvent, quantile: float) -> np.ndarray:
    """Mean loss under probabilities that Wang's transform distorts towards the worst."""
    revealed = own.revealed(max(own.variance, 1.0))
    if revealed >= 1:
        return np.maximum(losses[:, own.chance > 0].max(axis=1), 0).astype(float)
    shift = ndtri(quantile) * math.sqrt(revealed / (1 - revealed))
    order = np.argsort(-losses, axis=1, kind="stable")
    cumulative = np.minimum(np.cumsum(own.chance[order], axis=1), 1.0)
    distorted = ndtr(ndtri(cumulative) + shift)
    distorted[:, -1] = 1.0
    weight = np.diff(distorted, axis=1, prepend=0.0)
    return np.maximum((np.take_along_axis(losses, order, axis=1) * weight).sum(axis=1), 0.0)
