"""Joint probability that events resolve in given states, independent or with model correlation.

Belongs here: the one-factor normal copula of the margin model's resolutions. Event e of group g
resolves in the state with the interval of cumulative probabilities that contains Phi(Z_e),
Z_e = sqrt(rho) F_g + sqrt(1 - rho) xi_e; groups are independent. Source: margin-model.md section
4, "Jump to resolution" (it reverses the sign of both draws, which changes no probability).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri

from reporting.model.errors import ModelError

_REACH = 9.0
"""The integral is cut off at this many standard deviations; the tail beyond is 1e-19."""
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(48)


@dataclass(frozen=True)
class ResolvedState:
    """An event resolved in a state.

    group, rho: its group and correlation with it; before, after: cumulative probability before
    and after the state.
    """

    group: str
    rho: float
    before: float
    after: float

    def __post_init__(self):
        if not 0 <= self.rho <= 1:
            raise ModelError("rho", "must lie between 0 and 1")
        if not 0 <= self.before <= self.after <= 1:
            raise ModelError("after", "cumulative probabilities must increase within 0..1")


def independent_probability(resolved: Sequence[ResolvedState]) -> float:
    """Product of the states' probabilities; 1 for none."""
    return float(np.prod([event.after - event.before for event in resolved], initial=1.0))


def correlated_probability(resolved: Sequence[ResolvedState]) -> float:
    """Joint probability under the model's correlation: an integral over each group's factor."""
    groups: dict[str, list[ResolvedState]] = {}
    for event in resolved:
        groups.setdefault(event.group, []).append(event)
    probability = 1.0
    for name in sorted(groups):
        probability *= _group_probability(groups[name])
    return probability


def _group_probability(resolved: list[ResolvedState]) -> float:
    """Integral of phi(f) x product of P(state | f) over the factor f.

    The integral is split where a conditional probability changes quickly, so that the quadrature
    does not miss the change.
    """
    low, high, smooth = -_REACH, _REACH, []
    for event in resolved:
        below, above = float(ndtri(event.before)), float(ndtri(event.after))
        if event.rho >= 1.0:
            # The state depends on the factor alone.
            low, high = max(low, below), min(high, above)
        else:
            smooth.append((np.sqrt(event.rho), np.sqrt(1.0 - event.rho), below, above))
    if low >= high:
        return 0.0
    edges = {low, high, *np.arange(-8.0, 9.0)}
    for weight, rest, below, above in smooth:
        for end in (below, above):
            if np.isfinite(end) and weight > 0:
                turn, width = end / weight, rest / weight
                edges.update(turn + width * step for step in (-8, -4, -2, -1, 0, 1, 2, 4, 8))
    inside = np.array(sorted(edge for edge in edges if low <= edge <= high))
    half = np.diff(inside) / 2
    factor = (inside[:-1] + half)[:, None] + half[:, None] * _NODES
    value = np.exp(-(factor**2) / 2) / np.sqrt(2 * np.pi)
    for weight, rest, below, above in smooth:
        value = value * _between((below - weight * factor) / rest, (above - weight * factor) / rest)
    return float((value * _WEIGHTS * half[:, None]).sum())


def _between(below: np.ndarray, above: np.ndarray) -> np.ndarray:
    """P(below < normal < above), from the nearer tail so that small values stay accurate."""
    upper = below > 0
    return np.where(upper, ndtr(-below) - ndtr(-above), ndtr(above) - ndtr(below))
