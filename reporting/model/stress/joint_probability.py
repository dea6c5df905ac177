"""How likely events resolve in given states together: independently, and as in the model.

Belongs here: the one-factor normal copula of the margin model's resolutions. Event e of
group g resolves in the state whose interval of cumulative probabilities holds Phi(Z_e), Z_e =
sqrt(rho) F_g + sqrt(1 - rho) xi_e; groups are independent. Source: margin-model.md section 4,
"Jump to resolution" (there the sign of both draws is turned, which changes no probability).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri

from reporting.model.errors import ModelError

_REACH = 9.0
"""Standard deviations beyond which a normal variable is not looked for: 1e-19."""
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(48)


@dataclass(frozen=True)
class ResolvedState:
    """An event that resolves in one state: its group and correlation with it, and the
    cumulative probability before and after the state."""

    group: str
    rho: float
    before: float
    after: float

    def __post_init__(self):
        if not 0 <= self.rho <= 1:
            raise ModelError("rho", "must lie between 0 and 1")
        if not 0 <= self.before <= self.after <= 1:
            raise ModelError("after", "cumulative probabilities must rise inside 0..1")


def independent_probability(resolved: Sequence[ResolvedState]) -> float:
    """Product of the states' probabilities; 1 for none."""
    return float(np.prod([one.after - one.before for one in resolved], initial=1.0))


def correlated_probability(resolved: Sequence[ResolvedState]) -> float:
    """Joint probability under the model's correlation: by group an integral over its factor."""
    groups: dict[str, list[ResolvedState]] = {}
    for one in resolved:
        groups.setdefault(one.group, []).append(one)
    found = 1.0
    for name in sorted(groups):
        found *= _of_group(groups[name])
    return found


def _of_group(resolved: list[ResolvedState]) -> float:
    """Integral of phi(f) x product of P(state | f), piece by piece between the places where a
    conditional probability turns, so that none is stepped over."""
    low, high, smooth = -_REACH, _REACH, []
    for one in resolved:
        below, above = float(ndtri(one.before)), float(ndtri(one.after))
        if one.rho >= 1.0:
            # The factor alone decides.
            low, high = max(low, below), min(high, above)
        else:
            smooth.append((np.sqrt(one.rho), np.sqrt(1.0 - one.rho), below, above))
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
    """P(below < normal < above), taken from the nearer tail so that small ones stay exact."""
    upper = below > 0
    return np.where(upper, ndtr(-below) - ndtr(-above), ndtr(above) - ndtr(below))
