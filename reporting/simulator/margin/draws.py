"""The published draws: one Philox stream per kind and name (docs/model.md, section 6)."""

import hashlib
from functools import lru_cache

import numpy as np
from scipy.special import ndtri

_MAX_UNIFORM = 1 - 2.0**-53
_KEPT = 2_000
"""Streams kept in memory, tens of kilobytes each: they are the same on every day."""


def words(seed: int, kind: str, name: str, count: int) -> np.ndarray:
    """The first 64-bit words of a stream; numpy's generator numbers its blocks from 1."""
    digest = hashlib.sha256(f"{seed}\n{kind}\n{name}".encode()).digest()
    return np.random.Philox(key=np.frombuffer(digest[:16], "<u8")).random_raw(count)


@lru_cache(_KEPT)
def uniforms(seed: int, kind: str, name: str, count: int) -> np.ndarray:
    """Numbers between 0 and 1, both excluded: one in each of ``count`` equal parts.

    The first half of the words says which part, by rank; the second half where in it.
    """
    drawn = words(seed, kind, name, 2 * count)
    rank = np.empty(count)
    rank[np.argsort(drawn[:count], kind="stable")] = np.arange(count)
    inside = ((drawn[count:] >> 11) + 0.5) * 2.0**-53
    return _read_only(np.minimum((rank + inside) / count, _MAX_UNIFORM))


@lru_cache(_KEPT)
def normals(seed: int, kind: str, name: str, count: int) -> np.ndarray:
    """Standard normal numbers."""
    return _read_only(ndtri(uniforms(seed, kind, name, count)))


def _read_only(values: np.ndarray) -> np.ndarray:
    values.flags.writeable = False
    return values
