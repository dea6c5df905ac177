"""The scenario kernel: value at risk and expected shortfall of 100,000 accounts in two sets.

Beside it one set with the frozen double-precision kernel, whose bits the new one must equal; the
peer, scipy.sparse and numpy.partition on the same two sets, equality asserted first; and the roof,
how fast this machine's cores read from their caches and from memory.
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
from benchmarks.one_set import one_set
from benchmarks.sizes import full_or_small
from reporting.model.scenarios.shortfall import Exposures, TwoTails, tail_count, tails

ACCOUNTS, CONTRACTS, SCENARIOS = full_or_small((100_000, 5_000, 5_000), (2_000, 300, 500))
POSITIONS = 4, 11
"""Positions of an account: at least, and one more than at most; 7 on average."""
GROWTH = full_or_small((10_000, 100_000, 1_000_000), (1_000, 2_000, 4_000))
THREADS = 2
RUNS = 5
_PEER_ROWS = 2_000
_COARSE_BYTES = 1
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
    sets = np.random.default_rng(1).random((2, CONTRACTS, SCENARIOS))
    tail = tail_count(Fraction(99, 100), SCENARIOS)
    held = _exposures(ACCOUNTS)
    before = _peak_megabytes()
    both = tails(held, *sets, tail, THREADS)
    extra_megabytes = _peak_megabytes() - before
    _assert_equal(held, sets, tail, both)
    works = (
        partial(one_set, held, sets[0], tail, THREADS),
        partial(tails, held, *sets, tail, THREADS),
        partial(_peer, held, sets, tail),
        partial(tails, held, *sets, tail, 1),
    )
    rounds = in_turn(works, RUNS)[:, :, 0]
    old, two, peer, alone = np.median(rounds, axis=0)
    to_old, to_peer = np.median(rounds[:, 1:3] / rounds[:, [0, 1]], axis=0)
    gigabytes = 2 * len(held.contract) * SCENARIOS * _COARSE_BYTES / 1e9
    print(
        f"{ACCOUNTS:,} accounts x {CONTRACTS:,} contracts x {SCENARIOS:,} scenarios,"
        f" {len(held.contract):,} positions, the worst {tail}; bits equal to double precision,"
        f" peer equal to 1e-9; medians of {RUNS} runs"
    )
    print(
        f"  one set in double precision, {THREADS} threads {old:.2f} s; two sets {two:.2f} s, one"
        f" thread {alone:.2f} s: ratio {to_old:.2f}, the median of pairs (at most 1.3)"
    )
    print(
        f"  scipy.sparse + partition, two sets {peer:.2f} s: ratio {to_peer:.1f}, the median of"
        " pairs (at least 4)"
    )
    print(
        f"  coarse prices read {gigabytes / two:.1f} GB/s: {gigabytes / two / cache:.0%}"
        f" of the last-level roof, {gigabytes / two / near:.0%} of the near one;"
        f" {extra_megabytes:,.0f} MB beside the scenario matrices (limit 2,000)"
    )
    _growth(sets, tail)


def _assert_equal(held: Exposures, sets: np.ndarray, tail: int, both: TwoTails) -> None:
    """The same value at risk to the last bit, the same shortfall but for the order of the sum."""
    values = both.value_at_risk_at_rho, both.value_at_risk_at_zero
    shortfalls = both.shortfall_at_rho, both.shortfall_at_zero
    peers = _peer(held, sets, tail)
    for prices, peer, value, shortfall in zip(sets, peers, values, shortfalls, strict=True):
        old_value, old_shortfall = one_set(held, prices, tail, THREADS)
        np.testing.assert_array_equal(value, old_value)
        np.testing.assert_allclose(shortfall, old_shortfall, rtol=1e-13, atol=1e-13)
        np.testing.assert_allclose(value, peer[0], rtol=1e-9, atol=1e-9)
        np.testing.assert_allclose(shortfall, peer[1], rtol=1e-9, atol=1e-9)


def _growth(sets: np.ndarray, tail: int) -> None:
    wall = []
    for accounts in GROWTH:
        work = partial(tails, _exposures(accounts), *sets, tail, THREADS)
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


def _peer(held: Exposures, sets: np.ndarray, tail: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """The same in scipy and numpy, set after set, some accounts at a time."""
    accounts = len(held.constant)
    matrix = csr_matrix((held.weight, held.contract, held.start), shape=(accounts, CONTRACTS))
    measures = []
    for prices in sets:
        value_at_risk, shortfall = np.empty(accounts), np.empty(accounts)
        for first in range(0, accounts, _PEER_ROWS):
            losses = matrix[first : first + _PEER_ROWS] @ prices
            worst = np.partition(losses, SCENARIOS - tail, axis=1)[:, SCENARIOS - tail :]
            value_at_risk[first : first + _PEER_ROWS] = worst.min(axis=1)
            shortfall[first : first + _PEER_ROWS] = worst.mean(axis=1)
        measures.append((value_at_risk, shortfall))
    return measures


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
