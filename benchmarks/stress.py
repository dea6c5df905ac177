"""Stress scenarios of 100,000 accounts: from the book to the shortfalls of 50 member groups.

All kinds of the library are timed, the making of the scenarios with it. Beside it the peer:
the losses of all accounts as a product of sparse and dense matrices in scipy, and the group
rule in numpy, on the scenarios that move prices only; and a few of these in pandas. Equality
asserted first.
"""

import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix

from benchmarks.machine import in_turn, seconds
from benchmarks.sizes import full_or_small
from reporting.model.events import terms as t
from reporting.model.events.terms import EventTerms
from reporting.model.stress.cover import cover
from reporting.model.stress.events import Scenario, StressEvent, StressMarket
from reporting.model.stress.library import scenario_library
from reporting.model.stress.losses import scenario_prices
from reporting.model.stress.results import group_losses_by_scenario, shortfall_matrix
from reporting.model.stress.reverse import reverse_stress
from reporting.model.stress.reverse_book import reverse_problem
from reporting.model.stress.stress_book import (
    Accounts,
    MarketLiquidity,
    PaidEvent,
    PastMoves,
    PositionsByContract,
    StressBook,
)
from reporting.rulebook.scenarios import scenarios_in_force

ACCOUNTS, CONTRACTS, GROUPS = full_or_small((100_000, 5_000, 50), (2_000, 350, 10))
POSITIONS = 7
"""Positions of an account."""
THREADS = 2
RUNS = 5
REVERSE_EVENTS = 20
_STRUCTURES = (t.BINARY, t.EXCLUSIVE, t.EXCLUSIVE_EXHAUSTIVE, t.LADDER, t.BINARIES)
_LEGS = 2, 24
"""Contracts of an event: at least, and one more than at most."""
_PEER_SCENARIOS = 16
_PANDAS_SCENARIOS = 20
"""As many of those that move prices, evenly chosen; pandas needs most of a second for each."""
_POOR = 20
"""Reverse stress with resources so many times smaller: what there is, nothing exhausts."""
_DAY = date(2026, 5, 4)


def measure(_: Path) -> None:
    """Measure and print all."""
    book = _book()
    records = scenarios_in_force(_DAY)
    scenarios = scenario_library(records, book)
    moving = [s for s in scenarios if s.close_out is None and not s.collateral_falls_bps]
    moving = [s for s in moving if s.reversal is None]
    shortfalls = _shortfalls(book, moving, THREADS)
    if not np.array_equal(shortfalls, _peer(book, moving)):
        sys.exit("scipy disagrees on shortfalls")
    few = moving[:: max(1, len(moving) // _PANDAS_SCENARIOS)]
    if not np.array_equal(_shortfalls(book, few, 1), _pandas(book, few)):
        sys.exit("pandas disagrees on shortfalls")
    if not shortfalls.any():
        sys.exit("no scenario leaves a shortfall: nothing is compared")
    works = (
        partial(scenario_library, records, book),
        partial(_all, book, scenarios, THREADS),
        partial(_all, book, scenarios, 1),
        partial(_all, book, moving, THREADS),
        partial(_peer, book, moving),
    )
    rounds = in_turn(works, RUNS)
    wall, processor = np.median(rounds, axis=0).T
    ratio = np.median(rounds[:, 4, 1] / rounds[:, 3, 1])
    print(
        f"stress of {ACCOUNTS:,} accounts, {len(book.positions.qty):,} positions in"
        f" {CONTRACTS:,} contracts of {len(book.market.events):,} events, {GROUPS} groups:"
        f" {len(scenarios):,} scenarios of {len(records)} records; scipy agrees on"
        f" {shortfalls.size:,} shortfalls; medians of {RUNS} runs"
    )
    print(
        f"  {wall[0] + wall[1]:.2f} s on {THREADS} threads (limit 10), of the processor"
        f" {processor[0] + processor[1]:.2f} s: making the scenarios {wall[0]:.2f} s, losses,"
        f" shortfalls and cover {wall[1]:.2f} s; on one thread {wall[2]:.2f} s, of the processor"
        f" {processor[2]:.2f} s"
    )
    print(
        f"  the {len(moving):,} that move prices only {wall[3]:.2f} s, of the processor"
        f" {processor[3]:.2f} s; scipy.sparse and numpy {wall[4]:.2f} s, {processor[4]:.2f} s:"
        f" ratio of the processor {ratio:.1f}, the median of pairs"
    )
    ours, theirs = seconds(partial(_shortfalls, book, few, 1)), seconds(partial(_pandas, book, few))
    print(
        f"  {len(few)} of these on one thread {ours[0]:.2f} s, of the processor {ours[1]:.2f} s;"
        f" pandas {theirs[0]:.2f} s, {theirs[1]:.2f} s, once"
    )
    started = time.perf_counter()
    poor = replace(book, own_fund=book.own_fund // _POOR)
    of = reverse_problem(poor, REVERSE_EVENTS, int(poor.own_fund.sum()))
    answer = reverse_stress(of.problem, 2_000)
    number = "none" if answer.resolutions is None else len(answer.resolutions)
    print(
        f"  reverse stress, {REVERSE_EVENTS} largest events, {len(of.problem.group):,} accounts"
        f" that may fall short: {number} resolutions, at least {answer.at_least},"
        f" {'proven' if answer.proven else 'not proven'}, {answer.nodes:,} sets,"
        f" {time.perf_counter() - started:.2f} s",
        flush=True,
    )


def _shortfalls(book: StressBook, scenarios: Sequence[Scenario], threads: int) -> np.ndarray:
    """The model's own: int64[scenarios, groups]."""
    return shortfall_matrix(group_losses_by_scenario(book, scenarios, threads), GROUPS)


def _all(book: StressBook, scenarios: Sequence[Scenario], threads: int) -> None:
    cover(_shortfalls(book, scenarios, threads))


def _book() -> StressBook:
    random = np.random.default_rng(1)
    market = StressMarket(_events(random))
    rows = ACCOUNTS * POSITIONS
    account = np.repeat(np.arange(ACCOUNTS), POSITIONS)
    # One contract at random out of each of as many parts: no account holds one twice.
    part = CONTRACTS // POSITIONS
    contract = np.tile(np.arange(POSITIONS), ACCOUNTS) * part + random.integers(0, part, rows)
    qty = random.choice(np.array([-1, 1]), rows) * (
        1 + random.lognormal(6, 1.5, rows).astype(np.int64)
    )
    marks = market.marks[contract]
    alone = np.where(qty > 0, qty * marks, -qty * (10_000 - marks))
    worst = np.zeros(ACCOUNTS, dtype=np.int64)
    np.add.at(worst, account, alone)
    group = random.integers(0, GROUPS, ACCOUNTS)
    margined = random.random(ACCOUNTS) < 0.8
    margin = np.where(margined, worst // random.integers(2, 6, ACCOUNTS), worst)
    worth = {"cash": margin // 2, "treasury": margin // 3, "crypto": margin // 3}
    return StressBook(
        market=market,
        positions=PositionsByContract.of(account, contract, qty, CONTRACTS),
        accounts=Accounts(group, random.random(ACCOUNTS) < 0.02, margined, margin, worst),
        groups=[f"G{number:02}" for number in range(GROUPS)],
        own_fund=np.full(GROUPS, int(margin.sum()) // (20 * GROUPS), dtype=np.int64),
        collateral=worth,
        liquidity=MarketLiquidity(
            random.uniform(0.02, 1.0, CONTRACTS),
            random.lognormal(10, 1, CONTRACTS),
            np.full(CONTRACTS, 100.0),
            10_000,
        ),
        paid=_paid(random),
        past_moves=[
            PastMoves(f"2026-04-{day:02}", category, float(random.uniform(0, 1)))
            for day in range(1, 31)
            for category in "ABCDE"
        ],
    )


def _events(random: np.random.Generator) -> list[StressEvent]:
    """Events of the structures in turn, up to the number of contracts."""
    events: list[StressEvent] = []
    left = CONTRACTS
    while left:
        number = len(events)
        structure = _STRUCTURES[number % len(_STRUCTURES)]
        legs = 1 if structure == t.BINARY else min(left, int(random.integers(*_LEGS)))
        marks = random.integers(100, 9_900, legs)
        if structure == t.LADDER:
            marks = -np.sort(-marks)
        elif structure in (t.EXCLUSIVE, t.EXCLUSIVE_EXHAUSTIVE):
            marks = np.rint(random.dirichlet(np.ones(legs)) * 10_000).astype(np.int64)
        terms = EventTerms(
            f"E{number}", structure, "benchmark", tuple(f"E{number}-{leg}" for leg in range(legs))
        )
        events.append(
            StressEvent(
                terms,
                "ABCDE"[number % 5],
                marks,
                int(random.integers(1, 10**12)),
                volatility_ratio=float(random.uniform(0.5, 2.0)),
                tau_days=float(random.uniform(0.5, 200.0)),
                liquidation_days=int(random.choice([1, 5])),
            )
        )
        left -= legs
    return events


def _paid(random: np.random.Generator) -> list[PaidEvent]:
    """Thirty binaries that paid yes, to a thousand accounts each."""
    pays = np.array([[10_000, 0]])
    return [
        PaidEvent(
            f"P{number}",
            "A",
            ("yes", "no"),
            pays,
            pays[:, 0],
            random.integers(0, ACCOUNTS, 1_000),
            random.integers(-10_000, 10_000, (1_000, 1)),
        )
        for number in range(30)
    ]


def _peer(book: StressBook, scenarios: Sequence[Scenario]) -> np.ndarray:
    """Shortfalls int64[scenarios, groups]: a sparse product, some scenarios at a time."""
    held, accounts = book.positions, book.accounts
    shape = (ACCOUNTS, CONTRACTS)
    positions = csr_matrix((held.qty, (held.account, held.contract)), shape=shape)
    members = csr_matrix(
        (np.ones(ACCOUNTS, dtype=np.int64), (accounts.group, np.arange(ACCOUNTS))),
        shape=(GROUPS, ACCOUNTS),
    )
    house = accounts.is_house[:, None]
    margin = accounts.margin[:, None]
    parts = []
    for first in range(0, len(scenarios), _PEER_SCENARIOS):
        part = scenarios[first : first + _PEER_SCENARIOS]
        falls = np.zeros((CONTRACTS, len(part)), np.int64)
        for column, scenario in enumerate(part):
            moved = scenario_prices(scenario, book.market)
            falls[moved.contract, column] = book.market.marks[moved.contract] - moved.price
        losses = positions @ falls
        customers = members @ np.where(house, 0, np.maximum(losses - margin, 0))
        net = members @ np.where(house, losses, 0)
        house_margin = members @ np.where(house, margin, 0)
        open_ = np.maximum(net - house_margin, 0) + np.maximum(customers + np.minimum(net, 0), 0)
        parts.append(np.maximum(open_ - book.own_fund[:, None], 0))
    return np.concatenate(parts, axis=1).T


def _pandas(book: StressBook, scenarios: Sequence[Scenario]) -> np.ndarray:
    """Shortfalls int64[scenarios, groups], as in a notebook: a merge and three group sums each."""
    positions, of = book.positions, book.accounts
    held = pd.DataFrame(
        {"account": positions.account, "contract": positions.contract, "qty": positions.qty}
    )
    accounts = pd.DataFrame({"group": of.group, "house": of.is_house, "margin": of.margin})
    margin_of_house = accounts[accounts["house"]].groupby("group")["margin"].sum()
    every = range(GROUPS)
    shortfalls = []
    for scenario in scenarios:
        moved = scenario_prices(scenario, book.market)
        falls = pd.DataFrame(
            {"contract": moved.contract, "fall": book.market.marks[moved.contract] - moved.price}
        )
        rows = held.merge(falls, on="contract")
        lost = (rows["qty"] * rows["fall"]).groupby(rows["account"]).sum()
        loss = lost.reindex(accounts.index, fill_value=0)
        beyond = (loss - accounts["margin"]).clip(lower=0)[~accounts["house"]]
        customers = beyond.groupby(accounts["group"]).sum().reindex(every, fill_value=0)
        net = loss[accounts["house"]].groupby(accounts["group"]).sum().reindex(every, fill_value=0)
        house = (net - margin_of_house.reindex(every, fill_value=0)).clip(lower=0)
        short = house + (customers - (-net).clip(lower=0)).clip(lower=0) - book.own_fund
        shortfalls.append(short.clip(lower=0).to_numpy())
    return np.array(shortfalls)
