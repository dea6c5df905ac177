"""The random draws of the scenario set: one counter-based stream per factor and event.

Belongs here: the rule that lets anybody reproduce the same draws. ``scenarios`` turns draws
into prices. A stream is Philox4x64-10 (Salmon et al., "Parallel random numbers: as easy as 1,
2, 3", 2011). Its key is the first 16 bytes of the SHA-256 of seed, kind and name, so adding or
renaming an event changes no other draw. Normals come from the generator's raw words and the
inverse normal distribution, because a library's own normal generator may change between
versions. Source: margin-model.md section 4.
"""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

import numpy as np
from scipy.special import ndtri

from reporting.model.errors import ModelError
from reporting.model.margin.scenarios import EventDraws
from reporting.model.margin.schedule import Schedule
from reporting.units import BPS

GROUP_FACTOR = "F"
GROUP_JUMP = "FJ"
CLUSTER = "U"
STATE = "eps"
RESOLUTION = "xi"
STRESS = "F-stress"
_MAX_UNIFORM = 1 - 2.0**-53


@dataclass(frozen=True)
class DrawPlan:
    """The parameters of the draws.

    seed; scenarios: S; stress_share_bps: share of scenarios, taken from the start, with group
    factors from stress dates, basis points; stress_factors: the factors of those dates, in
    standard deviations.
    """

    seed: int
    scenarios: int
    stress_share_bps: int
    stress_factors: tuple[float, ...]

    def __post_init__(self):
        if self.scenarios < 1:
            raise ModelError("scenarios", "must be at least 1")
        if not 0 <= self.stress_share_bps <= BPS:
            raise ModelError("stress_share_bps", f"must lie between 0 and {BPS}")
        if self.stress_share_bps and not len(self.stress_factors):
            raise ModelError("stress_factors", "must not be empty when some scenarios use them")

    @classmethod
    def of(cls, schedule: Schedule) -> "DrawPlan":
        """The plan of a margin schedule version."""
        factors = tuple(factor / BPS for factor in schedule.stress_factors_bps)
        return cls(schedule.seed, schedule.scenarios, schedule.stress_share_bps, factors)

    @property
    def stress_scenarios(self) -> int:
        """Number of scenarios, from the start, that use stress dates."""
        return -(-self.scenarios * self.stress_share_bps // BPS)


def uniforms(seed: int, kind: str, name: str, count: int) -> np.ndarray:
    """float64[count] inside (0, 1): (top 53 bits of a word + 1/2) / 2^53.

    The largest such number rounds to 1, which has no normal quantile; it becomes 1 - 2^-53.
    """
    digest = sha256(f"{seed}\n{kind}\n{name}".encode()).digest()
    words = np.random.Philox(key=np.frombuffer(digest[:16], dtype="<u8")).random_raw(count)
    drawn = ((words >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53
    return np.minimum(drawn, _MAX_UNIFORM)


def normals(seed: int, kind: str, name: str, count: int) -> np.ndarray:
    """float64[count] standard normal, by inversion."""
    return ndtri(uniforms(seed, kind, name, count))


def group_factor(plan: DrawPlan, group: str) -> np.ndarray:
    """F[g]: float64[S]; the stress scenarios draw from the stress dates with replacement."""
    factor = normals(plan.seed, GROUP_FACTOR, group, plan.scenarios)
    stress = plan.stress_scenarios
    if stress:
        places = uniforms(plan.seed, STRESS, group, stress) * len(plan.stress_factors)
        factor[:stress] = np.asarray(plan.stress_factors, np.float64)[places.astype(np.int64)]
    return factor


def group_jump_factor(plan: DrawPlan, group: str) -> np.ndarray:
    """FJ[g]: float64[S], the factor that correlates resolutions in a group."""
    return normals(plan.seed, GROUP_JUMP, group, plan.scenarios)


def cluster_draw(plan: DrawPlan, cluster: str) -> np.ndarray:
    """U[c]: float64[S]; an event of the cluster jumps where U is below its probability."""
    return uniforms(plan.seed, CLUSTER, cluster, plan.scenarios)


def state_draws(plan: DrawPlan, event_ticker: str, states: int) -> np.ndarray:
    """eps[e]: float64[states, S]; an additional state leaves the draws of the others unchanged."""
    drawn = normals(plan.seed, STATE, event_ticker, states * plan.scenarios)
    return drawn.reshape(states, plan.scenarios)


def resolution_draw(plan: DrawPlan, event_ticker: str) -> np.ndarray:
    """xi[e]: float64[S], the idiosyncratic part of the resolution on a jump."""
    return normals(plan.seed, RESOLUTION, event_ticker, plan.scenarios)


class DrawTable:
    """The draws of one plan, each stream drawn once.

    Draws do not depend on event parameters, so all schedules with the same plan share them.
    """

    def __init__(self, plan: DrawPlan) -> None:
        self.plan = plan
        self._drawn: dict[tuple, np.ndarray] = {}

    def of_event(self, name: str, group: str, cluster: str, states: int) -> EventDraws:
        """The draws of the event (or, for ``binaries``, the contract) of this name."""
        return EventDraws(
            group_factor=self._once(group_factor, group),
            group_jump_factor=self._once(group_jump_factor, group),
            cluster=self._once(cluster_draw, cluster),
            eps=self._once(state_draws, name, states),
            xi=self._once(resolution_draw, name),
        )

    def _once(self, draw: Callable[..., np.ndarray], *key) -> np.ndarray:
        if (draw, *key) not in self._drawn:
            self._drawn[draw, *key] = draw(self.plan, *key)
        return self._drawn[draw, *key]
