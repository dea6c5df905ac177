"""The random draws of the scenario set: one counter-based, stratified stream per factor and event.

Belongs here: the rule that lets anybody reproduce the same draws. ``scenarios`` turns draws into
prices. A stream is Philox4x64-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3",
2011). Its key is the first 16 bytes of the SHA-256 of seed, kind and name, so adding or renaming
another event or strike changes no draw. Normals come from the inverse normal distribution, because
a library's own normal generator may change between versions. Source: margin-model.md section 4.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256

import numpy as np
from scipy.special import ndtri

from reporting.model.errors import ModelError
from reporting.model.margin.schedule import Schedule

GROUP_FACTOR = "F"
CLUSTER = "U"
ORDERED = "eps"
SIGNAL = "eta"
STATE = "theta"
INFORMATION = "info"
_MAX_UNIFORM = 1 - 2.0**-53


@dataclass(frozen=True)
class DrawPlan:
    """The parameters of the draws: seed, and number of scenarios S."""

    seed: int
    scenarios: int

    def __post_init__(self):
        if self.scenarios < 1:
            raise ModelError("scenarios", "must be at least 1")

    @classmethod
    def of(cls, schedule: Schedule) -> "DrawPlan":
        """The plan of a margin schedule version."""
        return cls(schedule.seed, schedule.scenarios)


@dataclass(frozen=True)
class EventDraws:
    """The draws of one event.

    group_factor, cluster: float64[S], shared by the events of a group and of a cluster; info:
    float64[S], uniform, where information arrives in lumps. eps: float64[S], normal, of an ordered
    event. eta: float64[signals, S], normal, and theta: float64[S], uniform, of an unordered event.
    """

    group_factor: np.ndarray
    cluster: np.ndarray
    info: np.ndarray | None = None
    eps: np.ndarray | None = None
    eta: np.ndarray | None = None
    theta: np.ndarray | None = None


def uniforms(seed: int, kind: str, name: str, count: int) -> np.ndarray:
    """float64[count] inside (0, 1), independent: (top 53 bits of a word + 1/2) / 2^53.

    For simulations whose size is not known in advance; scenarios are ``stratified``. The largest
    such number rounds to 1, which has no normal quantile; it becomes 1 - 2^-53.
    """
    return np.minimum(_fractions(_words(seed, kind, name, count)), _MAX_UNIFORM)


def stratified(seed: int, kind: str, name: str, count: int) -> np.ndarray:
    """float64[count] inside (0, 1), exactly one in each of ``count`` equal parts.

    Draw s = (rank of word s among the first ``count`` words, from 0, ties by order, + the uniform
    of word count + s) / count, at most 1 - 2^-53.
    """
    words = _words(seed, kind, name, 2 * count)
    rank = np.empty(count)
    rank[np.argsort(words[:count], kind="stable")] = np.arange(count)
    return np.minimum((rank + _fractions(words[count:])) / count, _MAX_UNIFORM)


def _words(seed: int, kind: str, name: str, count: int) -> np.ndarray:
    digest = sha256(f"{seed}\n{kind}\n{name}".encode()).digest()
    return np.random.Philox(key=np.frombuffer(digest[:16], dtype="<u8")).random_raw(count)


def _fractions(words: np.ndarray) -> np.ndarray:
    return ((words >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53


def normals(seed: int, kind: str, name: str, count: int) -> np.ndarray:
    """float64[count] standard normal, by inversion of stratified uniforms."""
    return ndtri(stratified(seed, kind, name, count))


class DrawTable:
    """The draws of one plan, each stream drawn once.

    Draws do not depend on event parameters, so all schedules with the same plan share them.
    """

    def __init__(self, plan: DrawPlan) -> None:
        self.plan = plan
        self._drawn: dict[tuple[str, str], np.ndarray] = {}

    def of_event(
        self, name: str, group: str, cluster: str, signals: Sequence[str] | None, in_lumps: bool
    ) -> EventDraws:
        """The draws of an event, or of a contract of ``binaries``, by its name.

        signals: names of the signals of an unordered event, None for an ordered one.
        """
        shared = {
            "group_factor": self._once(normals, GROUP_FACTOR, group),
            "cluster": self._once(stratified, CLUSTER, cluster),
            "info": self._once(stratified, INFORMATION, name) if in_lumps else None,
        }
        if signals is None:
            return EventDraws(**shared, eps=self._once(normals, ORDERED, name))
        eta = np.empty((len(signals), self.plan.scenarios))
        for row, signal in zip(eta, signals, strict=True):
            row[:] = self._once(normals, SIGNAL, f"{name}\n{signal}")
        return EventDraws(**shared, eta=eta, theta=self._once(stratified, STATE, name))

    def _once(self, draw: Callable[..., np.ndarray], kind: str, name: str) -> np.ndarray:
        if (kind, name) not in self._drawn:
            plan = self.plan
            self._drawn[kind, name] = draw(plan.seed, kind, name, plan.scenarios)
        return self._drawn[kind, name]
