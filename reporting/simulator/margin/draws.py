"""The published draws: one Philox stream per kind and name (docs/model.md, section 6)."""

import hashlib

import numpy as np
from scipy.special import ndtri

_MAX_UNIFORM = 1 - 2.0**-53


def words(seed: int, kind: str, name: str, count: int) -> np.ndarray:
    """The first 64-bit words of a stream; numpy's generator numbers its blocks from 1."""
    digest = hashlib.sha256(f"{seed}\n{kind}\n{name}".encode()).digest()
    return np.random.Philox(key=np.frombuffer(digest[:16], "<u8")).random_raw(count)


def uniforms(seed: int, kind: str, name: str, count: int) -> np.ndarray:
    """Numbers between 0 and 1, both excluded."""
    return np.minimum(((words(seed, kind, name, count) >> 11) + 0.5) * 2.0**-53, _MAX_UNIFORM)


def normals(seed: int, kind: str, name: str, count: int) -> np.ndarray:
    """Standard normal numbers."""
    return ndtri(uniforms(seed, kind, name, count))


class GroupFactors:
    """F and FJ of every group under one schedule; the same on all days, so drawn once."""

    def __init__(self, parameters) -> None:
        self.seed, self.scenarios = parameters["seed"], parameters["scenarios"]
        self.stress = -(-parameters["stress_share_bps"] * self.scenarios // 10_000)
        self._list = np.array(parameters["stress_factors_bps"]) / 10_000
        self._drawn: dict[str, tuple[np.ndarray, np.ndarray]] = {}

    def of(self, group: str) -> tuple[np.ndarray, np.ndarray]:
        """The diffusion factor F, stress dates first, and the jump factor FJ."""
        if group not in self._drawn:
            factor = normals(self.seed, "F", group, self.scenarios)
            if self.stress:
                drawn = uniforms(self.seed, "F-stress", group, self.stress)
                place = np.floor(drawn * len(self._list)).astype(int)
                factor[: self.stress] = self._list[place]
            self._drawn[group] = factor, normals(self.seed, "FJ", group, self.scenarios)
        return self._drawn[group]
