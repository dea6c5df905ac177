"""The scenario kernel: value at risk and expected shortfall of 100,000 accounts.

Beside it the peer, scipy.sparse and numpy.partition on the same arrays, equality asserted
first; and the roof, how fast this machine's cores read from their caches and from memory.
"""

import resource
import time
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from functools import partial
from pathlib import Path

import numpy as np
from numba import njit
from scipy.sparse import csr_matrix

from benchmarks.machine import growth, in_turn, median_seconds
from reporting.model.margin.shortfall import Exposures, tail_count, tails

ACCOUNTS, CONTRACTS, SCENARIOS = 100_000, 5_000, 5_000
POSITIONS = 4, 11
"""Positions of an account: at least, and one more than at most; 7 on average."""
GROWTH = 10_000, 100_000, 1_000_000
THREADS = 2
RUNS = 5
_PEER_ROWS = 2_000
_CACHE_BYTES = 1 << 20
_LAST_LEVEL_BYTES = 16 << 20
_MEMORY_BYTES = 256 << 20


def measure(_: Path) -> None:
    """Measure and print all."""
    near, cache, memory = (
        _read_gb_per_s(size) for size in (_CACHE_BYTES, _LAST_LEVEL_BYTES, _MEMORY_BYTES)
    )
    print(
        f"roof: {THREADS} threads read {near:.0f} GB/s from the near cache (1 MB each),"
        f" {cache:.0f} from the last level (16 MB each), {memory:.0f} from memory"
    )
    prices = np.random.default_rng(1).random((CONTRACTS, SCENARIOS))
    tail = tail_count(Fraction(99, 100), SCENARIOS)
    held = _exposures(ACCOUNTS)
    before = _peak_megabytes()
    measures = tails(held, prices, tail, THREADS)
    held_megabytes = _peak_megabytes() - before
    peer = _peer(held, prices, tail)
    for ours, theirs in zip(measures, peer, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-9)
    works = (
        partial(tails, held, prices, tail, THREADS),
        partial(_peer, held, prices, tail),
        partial(tails, held, prices, tail, 1),
    )
    rounds = in_turn(works, RUNS)[:, :, 0]
    ours_seconds, peer_seconds, one_seconds = np.median(rounds, axis=0)
    ratio = np.median(rounds[:, 1] / rounds[:, 0])
    gigabytes = len(held.contract) * SCENARIOS * 8 / 1e9
    print(
        f"{ACCOUNTS:,} accounts x {CONTRACTS:,} contracts x {SCENARIOS:,} scenarios,"
        f" {len(held.contract):,} positions, the worst {tail}; equal to 1e-9;"
        f" medians of {RUNS} runs"
    )
    print(
        f"  kernel, {THREADS} threads {ours_seconds:.2f} s, one thread {one_seconds:.2f} s;"
        f" scipy.sparse + partition {peer_seconds:.2f} s: ratio"
        f" {ratio:.1f}, the median of pairs (at least 4)"
    )
    print(
        f"  prices read {gigabytes / ours_seconds:.1f} GB/s: {gigabytes / ours_seconds / cache:.0%}"
        f" of the last-level roof (at least 30 %), {gigabytes / ours_seconds / near:.0%} of the"
        f" near one;"
        f" {held_megabytes:,.0f} MB beside the scenario matrix (limit 2,000)"
    )
    _growth(prices, tail)


def _growth(prices: np.ndarray, tail: int) -> None:
    wall = []
    for accounts in GROWTH:
        work = partial(tails, _exposures(accounts), prices, tail, THREADS)
        wall.append(median_seconds(work, RUNS if accounts < GROWTH[-1] else 1)[0])
    print(f"  growth with accounts: {growth(GROWTH, wall)}", flush=True)


def _exposures(accounts: int) -> Exposures:
    random = np.random.default_rng(2)
    sizes = random.integers(*POSITIONS, accounts)
    start = np.concatenate(([0], np.cumsum(sizes))).astype(np.int64)
    # A first contract and growing steps: each account holds different ones, in order.
    steps = random.integers(1, CONTRACTS // POSITIONS[1], start[-1])
    climbed = np.cumsum(steps)
    contract = climbed - np.repeat(climbed[start[:-1]] - steps[start[:-1]], sizes)
    weight = random.normal(size=start[-1]) * 100
    return Exposures(start, contract, weight, np.zeros(accounts))


def _peer(held: Exposures, prices: np.ndarray, tail: int) -> tuple[np.ndarray, np.ndarray]:
    """The same in scipy and numpy, some accounts at a time."""
    accounts = len(held.constant)
    matrix = csr_matrix((held.weight, held.contract, held.start), shape=(accounts, len(prices)))
    value_at_risk, shortfall = np.empty(accounts), np.empty(accounts)
    for first in range(0, accounts, _PEER_ROWS):
        losses = matrix[first : first + _PEER_ROWS] @ prices
        worst = np.partition(losses, SCENARIOS - tail, axis=1)[:, SCENARIOS - tail :]
        value_at_risk[first : first + _PEER_ROWS] = worst.min(axis=1)
        shortfall[first : first + _PEER_ROWS] = worst.mean(axis=1)
    return value_at_risk, shortfall


def _peak_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _read_gb_per_s(size: int) -> float:
    """How fast the threads together read arrays of ``size`` bytes, one each; best of runs."""
    arrays = [np.ones(size // 8) for _ in range(THREADS)]
    rounds = max(1, (2 << 30) // size)
    _read(arrays[0], 1)
    best = float("inf")
    with ThreadPoolExecutor(THREADS) as pool:
        for _ in range(RUNS):
            started = time.perf_counter()
            for done in [pool.submit(_read, array, rounds) for array in arrays]:
                done.result()
            best = min(best, time.perf_counter() - started)
    return THREADS * rounds * size / best / 1e9


@njit(nogil=True, fastmath=True)
def _read(values, rounds):
    total = 0.0
    for turn in range(rounds):
        part = 0.0
        for place in range(values.size):
            part += values[place]
        total += part * (turn + 1)
    return total
