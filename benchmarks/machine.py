"""The machine: the memory bandwidth that bounds the figures, and its clocks."""

import os
import platform
import time
from collections.abc import Callable, Sequence

import numpy as np

_BYTES = 256 << 20
_RUNS = 5


def memory_bandwidth_gb_per_s() -> float:
    """Copy bandwidth of one core in GB/s (read plus write), the best of a few runs."""
    source = np.ones(_BYTES // 8)
    target = np.empty_like(source)
    best = float("inf")
    for _ in range(_RUNS):
        started = time.perf_counter()
        np.copyto(target, source)
        best = min(best, time.perf_counter() - started)
    return 2 * _BYTES / best / 1e9


def describe() -> str:
    """One line: cores, system, bandwidth and how busy the machine is."""
    load = os.getloadavg()[0]
    return (
        f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python"
        f" {platform.python_version()}, memory copy {memory_bandwidth_gb_per_s():.1f} GB/s,"
        f" load {load:.1f} before the run"
    )


def seconds(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds of the clock and of the processors; on a shared machine the latter vary less."""
    started = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - started[0], time.process_time() - started[1]


def in_turn(works: Sequence[Callable[[], object]], runs: int) -> np.ndarray:
    """Seconds of each work in each run: float64[runs, works, 2], clock and processors.

    The works take turns, so that whoever else uses the machine weighs on all of them.
    """
    return np.array([[seconds(work) for work in works] for _ in range(runs)])


def median_seconds(work: Callable[[], object], runs: int) -> tuple[float, float]:
    """The medians of ``runs`` runs, of the clock and of the processors."""
    return tuple(np.median(in_turn([work], runs)[:, 0], axis=0).tolist())


def growth(sizes: Sequence[int], wall_seconds: Sequence[float]) -> str:
    """The seconds by size, and the exponent of the power law through them."""
    exponent = np.polyfit(np.log(sizes), np.log(wall_seconds), 1)[0]
    parts = ", ".join(f"{a:,}: {s:.2f} s" for a, s in zip(sizes, wall_seconds, strict=True))
    return f"{parts}; exponent {exponent:.2f} (at most 1.05)"
