"""Worst cases of 10,000,000 positions: from the position arrays to W per account and event.

Beside it the peer, the same in pandas and numpy on the same arrays, equality asserted first;
and the roof, the time in which this machine copies what is read and written.
"""

import sys
import time
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.machine import growth, median_seconds, memory_bandwidth_gb_per_s
from benchmarks.sizes import full_or_small
from reporting.model.events import terms as t
from reporting.model.events.terms import EventTerms, payoffs
from reporting.model.portfolio.market import Market
from reporting.model.portfolio.positions import Positions
from reporting.model.portfolio.worst_cases import WorstCases, event_worst_cases

ACCOUNTS, CONTRACTS = full_or_small((100_000, 5_000), (1_000, 500))
POSITIONS = 100
"""Positions of an account."""
GROWTH, GROWTH_POSITIONS = full_or_small((10_000, 100_000, 1_000_000), (1_000, 2_000, 4_000)), 10
RUNS = 5
_STRUCTURES = (
    t.BINARY,
    t.EXCLUSIVE,
    t.EXCLUSIVE_EXHAUSTIVE,
    t.LADDER,
    t.LADDER_BRACKETS,
    t.K_OF_N,
    t.BINARIES,
    t.MATRIX,
)
_VOIDS = ((), (t.VOID_HALF,), (t.VOID_LAST,))
_LEGS = 2, 24
"""Contracts of an event: at least, and one more than at most."""


def measure(_: Path) -> None:
    """Measure and print all."""
    market = _market()
    positions = _positions(market, ACCOUNTS, POSITIONS)
    worst_cases = event_worst_cases(positions, market)
    started = time.perf_counter()
    peer = _peer(positions, market)
    peer_seconds = time.perf_counter() - started
    _assert_equal(worst_cases, peer)
    seconds, processor = median_seconds(partial(event_worst_cases, positions, market), RUNS)
    moved = sum(
        column.nbytes for column in (*vars(positions).values(), *vars(worst_cases).values())
    )
    roof = moved / memory_bandwidth_gb_per_s() / 1e9
    print(
        f"worst cases of {len(positions.qty):,} positions, {ACCOUNTS:,} accounts,"
        f" {len(market.events)} events of {CONTRACTS:,} contracts, rows in no order;"
        f" pandas agrees on {len(peer):,} books; median of {RUNS} runs\n"
        f"  {seconds:.2f} s (limit 2), of the processor {processor:.2f} s; pandas"
        f" {peer_seconds:.1f} s: ratio {peer_seconds / seconds:.1f}; copying the"
        f" {moved / 1e9:.2f} GB read and written takes {roof:.2f} s"
    )
    del positions, worst_cases, peer
    _growth(market)


def _growth(market: Market) -> None:
    wall = []
    for accounts in GROWTH:
        positions = _positions(market, accounts, GROWTH_POSITIONS)
        event_worst_cases(positions, market)
        wall.append(median_seconds(partial(event_worst_cases, positions, market), RUNS)[0])
    print(
        f"  growth with accounts of {GROWTH_POSITIONS} positions: {growth(GROWTH, wall)}",
        flush=True,
    )


def _market() -> Market:
    """Events of all structures and voids in turn, up to the number of contracts."""
    random = np.random.default_rng(1)
    terms: list[EventTerms] = []
    left = CONTRACTS
    while left:
        number = len(terms)
        structure = _STRUCTURES[number % len(_STRUCTURES)]
        legs = 1 if structure == t.BINARY else min(left, int(random.integers(*_LEGS)))
        terms.append(
            EventTerms(
                event_ticker=f"E{number}",
                structure=structure,
                reason="benchmark",
                legs=tuple(f"E{number}-{leg}" for leg in range(legs)),
                voids=_VOIDS[number // len(_STRUCTURES) % len(_VOIDS)],
                k=int(random.integers(1, legs + 1)) if structure == t.K_OF_N else None,
                payoffs=_table(structure, legs, random),
            )
        )
        left -= legs
    sizes = [len(of_event.legs) for of_event in terms]
    return Market(
        events=[of_event.event_ticker for of_event in terms],
        terms=terms,
        marks=[random.integers(0, 10_001, size) for size in sizes],
        priced=[np.ones(size, dtype=bool) for size in sizes],
        settled=[np.zeros(size, dtype=bool) for size in sizes],
        tau_seconds=np.zeros(len(terms), dtype=np.int64),
        wrong_way=frozenset(),
        categories=[""] * len(terms),
        series=[""] * len(terms),
        resolution_dates=["unknown"] * len(terms),
        may_close_early=[False] * len(terms),
        happens_by=[False] * len(terms),
        collateral_returns=[""] * len(terms),
        daily_volume=np.zeros(sum(sizes)),
        open_interest=np.zeros(sum(sizes), dtype=np.int64),
        pools={},
    )


def _table(structure: str, legs: int, random: np.random.Generator) -> tuple[tuple[int, ...], ...]:
    states = np.arange(legs + 1)
    if structure == t.MATRIX:
        table = random.integers(0, 20_001, (legs, len(states)))
    elif structure == t.LADDER_BRACKETS:
        low = random.integers(0, legs, (legs, 1))
        table = 10_000 * ((states > low) & (states <= low + random.integers(1, 4, (legs, 1))))
    else:
        return ()
    return tuple(tuple(row) for row in table.tolist())


def _positions(market: Market, accounts: int, held: int) -> Positions:
    """Every account holds one contract at random out of each of ``held`` parts; no order."""
    random = np.random.default_rng(2)
    sizes = [len(terms.legs) for terms in market.terms]
    event = np.repeat(np.arange(len(sizes)), sizes)
    leg = np.concatenate([np.arange(size) for size in sizes])
    part = CONTRACTS // held
    rows = random.permutation(accounts * held)
    contract = rows % held * part + random.integers(0, part, len(rows))
    sign = random.choice(np.array([-1, 1]), len(rows))
    return Positions(
        account=rows // held,
        event=event[contract],
        leg=leg[contract],
        margined=random.random(len(rows)) < 0.8,
        qty=sign * (1 + random.lognormal(6, 2, len(rows)).astype(np.int64)),
    )


def _peer(positions: Positions, market: Market) -> pd.DataFrame:
    """W and F by event, kind of book and account: pivot tables and all states at once."""
    frame = pd.DataFrame(vars(positions))
    parts = []
    for (event, margined), held in frame.groupby(["event", "margined"]):
        terms, marks = market.terms[event], market.marks[event]
        table = held.pivot_table(
            index="account", columns="leg", values="qty", aggfunc="sum", fill_value=0
        ).reindex(columns=range(len(terms.legs)), fill_value=0)
        smallest = _min_payout(terms, marks, table.to_numpy())
        part = pd.DataFrame({"event": event, "margined": margined, "account": table.index})
        part["worst_case"] = table.to_numpy() @ marks - smallest
        part["premium"] = np.maximum(-smallest, 0)
        parts.append(part)
    return pd.concat(parts, ignore_index=True)


def _min_payout(terms: EventTerms, marks: np.ndarray, quantity: np.ndarray) -> np.ndarray:
    if terms.structure not in (t.BINARIES, t.K_OF_N):
        return (quantity @ payoffs(terms, marks)[0]).min(axis=1)
    # Their states are too many to list.
    if terms.structure == t.BINARIES:
        smallest = np.minimum(quantity, 0).sum(axis=1) * 10_000
    else:
        smallest = np.partition(quantity, terms.k - 1, axis=1)[:, : terms.k].sum(axis=1) * 10_000
    if t.VOID_HALF in terms.voids:
        return np.minimum(smallest, quantity.sum(axis=1) * 5_000)
    return np.minimum(smallest, quantity @ marks) if terms.voids else smallest


def _assert_equal(worst_cases: WorstCases, peer: pd.DataFrame) -> None:
    for name in peer.columns:
        if not np.array_equal(getattr(worst_cases, name), peer[name].to_numpy()):
            sys.exit(f"pandas disagrees on {name}")
