"""The random draws of the scenario set: one counter-based stream per factor and event.

Belongs here: the rule by which anybody draws the same numbers. What they do to prices is
in ``scenarios``. A stream is Philox4x64-10 (Salmon et al., "Parallel random numbers: as
easy as 1, 2, 3", 2011) under a key of its own: the first 16 bytes of the SHA-256 of seed,
kind and name. Another event, or another name of one, changes no draw of the rest. Only the
generator's raw words are used and the inverse normal distribution, never a library's own
way to normals, which may change between versions. Source: margin-model.md section 4.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

import numpy as np
from scipy.special import ndtri

from reporting.model.errors import ModelError
from reporting.units import BPS

GROUP_FACTOR = "F"
GROUP_JUMP = "FJ"
CLUSTER = "U"
STATE = "eps"
RESOLUTION = "xi"
STRESS = "F-stress"
_LARGEST = 1 - 2.0**-53


@dataclass(frozen=True)
class DrawPlan:
    """What a scenario set is drawn with.

    seed; scenarios: S; stress_share_bps: share of the scenarios, the first ones, whose
    group factors come from stress dates, in basis points; stress_factors: the factors of
    those dates, in standard deviations.
    """

    seed: int
    scenarios: int
    stress_share_bps: int
    stress_factors: Sequence[float]

    def __post_init__(self):
        if self.scenarios < 1:
            raise ModelError("scenarios", "must be at least 1")
        if not 0 <= self.stress_share_bps <= BPS:
            raise ModelError("stress_share_bps", f"must lie between 0 and {BPS}")
        if self.stress_share_bps and not len(self.stress_factors):
            raise ModelError("stress_factors", "must not be empty when some scenarios use them")

    @property
    def stress_scenarios(self) -> int:
        """How many scenarios are of stress dates: the first ones."""
        return -(-self.scenarios * self.stress_share_bps // BPS)


def uniforms(seed: int, kind: str, name: str, count: int) -> np.ndarray:
    """float64[count] inside (0, 1): the top 53 bits of a word, and a half, over 2^53.

    The largest such number rounds to 1, which has no normal: it becomes 1 - 2^-53.
    """
    digest = sha256(f"{seed}\n{kind}\n{name}".encode()).digest()
    words = np.random.Philox(key=np.frombuffer(digest[:16], dtype="<u8")).random_raw(count)
    found = ((words >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53
    return np.minimum(found, _LARGEST)


def normals(seed: int, kind: str, name: str, count: int) -> np.ndarray:
    """float64[count] standard normal, by the inverse of the distribution."""
    return ndtri(uniforms(seed, kind, name, count))


def group_factor(plan: DrawPlan, group: str) -> np.ndarray:
    """F[g]: float64[S]; first the factors of stress dates, drawn with replacement."""
    factor = normals(plan.seed, GROUP_FACTOR, group, plan.scenarios)
    stress = plan.stress_scenarios
    if stress:
        places = uniforms(plan.seed, STRESS, group, stress) * len(plan.stress_factors)
        factor[:stress] = np.asarray(plan.stress_factors, np.float64)[places.astype(np.int64)]
    return factor


def group_jump_factor(plan: DrawPlan, group: str) -> np.ndarray:
    """FJ[g]: float64[S], by which resolutions in a group are correlated."""
    return normals(plan.seed, GROUP_JUMP, group, plan.scenarios)


def cluster_draw(plan: DrawPlan, cluster: str) -> np.ndarray:
    """U[c]: float64[S]; an event of the cluster jumps where it is below its probability."""
    return uniforms(plan.seed, CLUSTER, cluster, plan.scenarios)


def state_draws(plan: DrawPlan, event_ticker: str, states: int) -> np.ndarray:
    """eps[e]: float64[states, S]; a further state changes none of the earlier ones."""
    drawn = normals(plan.seed, STATE, event_ticker, states * plan.scenarios)
    return drawn.reshape(states, plan.scenarios)


def resolution_draw(plan: DrawPlan, event_ticker: str) -> np.ndarray:
    """xi[e]: float64[S], the event's own part of how it resolves on a jump."""
    return normals(plan.seed, RESOLUTION, event_ticker, plan.scenarios)
