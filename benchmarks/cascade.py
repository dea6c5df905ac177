"""Cascade of 20,000 accounts on 500 markets: forced sales that force others, dozens of rounds.

The book is drawn so that 47 accounts are below their margin at the start and thousands are in
the end. Beside the model stand the calculator, with the same book as a document, and the peer:
a plain pandas version that works out all prices and all accounts anew in each round.
"""

import json
import sys
from fractions import Fraction
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.machine import in_turn
from benchmarks.sizes import full_or_small
from reporting.calculators import cascade as calculator
from reporting.calculators import documents
from reporting.model.default.cascade import Accounts, CascadeResult, Holdings, Markets, cascade
from reporting.units import CENTICENTS_PER_DOLLAR as ONE

ACCOUNTS, MARKETS = full_or_small((20_000, 500), (5_000, 126))
POSITIONS = 7
"""Positions of an account."""
RUNS = 5
DEPTH = Fraction(27, 10)
"""Sales that move a price by ``impact``, as a multiple of open interest. With less, nearly all
accounts fall within 10 rounds; with more, the cascade dies out."""
_SLACK = 3.0
"""Mean equity above the margin, as a share of the margin."""
_BELOW = 0.002
"""Share of accounts below their margin at the start."""
_MIN_ROUNDS, _MIN_LIQUIDATED = full_or_small((24, 2_000), (2, 2))


def measure(_: Path) -> None:
    """Measure and print all."""
    book = _book()
    document = documents.read(_document(*book).encode(), calculator.SCHEMA)
    result = cascade(*book)
    _assert_equal(result, _peer(*book))
    answer = calculator.calculate(document)
    fallen = int((result.round_of > 0).sum())
    if result.rounds < _MIN_ROUNDS or fallen < _MIN_LIQUIDATED:
        sys.exit(f"{result.rounds} rounds, {fallen} accounts: no cascade worth the name")
    works = partial(cascade, *book), partial(calculator.calculate, document), partial(_peer, *book)
    rounds = in_turn(works, RUNS)
    wall, processor = np.median(rounds, axis=0).T
    ratio = np.median(rounds[:, 2, 1] / rounds[:, 0, 1])
    print(
        f"cascade of {ACCOUNTS:,} accounts, {len(book[2].qty):,} positions in {MARKETS:,} markets:"
        f" {result.rounds} rounds, {fallen:,} accounts, {int((result.deficit > 0).sum()):,} with a"
        f" deficit; pandas agrees on all rounds, prices and amounts; medians of {RUNS} runs"
    )
    print(
        f"  model {wall[0]:.2f} s (limit 2), of the processor {processor[0]:.2f} s; pandas"
        f" {wall[2]:.2f} s, {processor[2]:.2f} s: ratio of the processor {ratio:.1f}, the median"
        " of pairs"
    )
    print(
        f"  calculator, prices in 1e-12 and numbers of any size, {answer['rounds']} rounds:"
        f" {wall[1]:.2f} s (limit 2), of the processor {processor[1]:.2f} s, without reading the"
        " text",
        flush=True,
    )


def _book() -> tuple[Markets, Accounts, Holdings]:
    """Prices in 1e-4 USD, whole contracts; each long has its short."""
    random = np.random.default_rng(1)
    rows = ACCOUNTS * POSITIONS
    price = random.integers(ONE // 20, ONE - ONE // 20, MARKETS)
    account = np.repeat(np.arange(ACCOUNTS), POSITIONS)
    # One market at random out of each of as many parts: no account holds one twice.
    part = MARKETS // POSITIONS
    market = np.tile(np.arange(POSITIONS), ACCOUNTS) * part + random.integers(0, part, rows)
    qty = _balanced(market, 1 + random.lognormal(5, 1.2, rows).astype(np.int64), random)
    open_interest = np.zeros(MARKETS, dtype=np.int64)
    np.add.at(open_interest, market, np.maximum(qty, 0))
    worth = qty * price[market]
    value, at_risk = np.zeros(ACCOUNTS, dtype=np.int64), np.zeros(ACCOUNTS, dtype=np.int64)
    np.add.at(value, account, worth)
    np.add.at(at_risk, account, np.where(qty > 0, worth, worth - qty * ONE))
    maintenance = random.integers(10, 31, ACCOUNTS)
    margin = -(-at_risk * maintenance // 100)
    slack = (margin * random.exponential(_SLACK, ACCOUNTS)).astype(np.int64)
    slack = np.where(random.random(ACCOUNTS) < _BELOW, -(margin // 10) - 1, slack)
    return (
        Markets(
            price,
            1 + open_interest * DEPTH.numerator // DEPTH.denominator,
            [Fraction(tenths, 10) for tenths in random.integers(5, 16, MARKETS).tolist()],
            ONE,
        ),
        Accounts(margin + slack - value, maintenance, 100),
        Holdings(account, market, qty),
    )


def _balanced(market: np.ndarray, size: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Quantities: in each market the rows in random order, each second one short what the one
    before is long. Where the number of rows of a market is odd, one pair lies in two markets."""
    order = np.lexsort((random.random(len(market)), market))
    drawn = size[order]
    drawn[1::2] = -drawn[::2]
    qty = np.empty_like(drawn)
    qty[order] = drawn
    return qty


def _document(markets: Markets, accounts: Accounts, holdings: Holdings) -> str:
    """The same book as the calculator reads it."""
    of_market = zip(markets.price.tolist(), markets.depth.tolist(), markets.impact, strict=True)
    held: list[dict[str, int]] = [{} for _ in range(ACCOUNTS)]
    columns = (holdings.account, holdings.market, holdings.qty)
    for account, market, qty in zip(*(column.tolist() for column in columns), strict=True):
        held[account][f"M{market}"] = qty
    of_account = zip(accounts.cash.tolist(), held, accounts.maintenance.tolist(), strict=True)
    return json.dumps(
        {
            "markets": [
                {"id": f"M{number}", "price": p / ONE, "depth": depth, "impact": float(impact)}
                for number, (p, depth, impact) in enumerate(of_market)
            ],
            "accounts": [
                {
                    "id": f"A{number}",
                    "cash": f"{cash}e-4",
                    "positions": positions,
                    "maintenance_ratio": share / accounts.parts,
                }
                for number, (cash, positions, share) in enumerate(of_account)
            ],
        }
    )


def _peer(markets: Markets, accounts: Accounts, holdings: Holdings) -> tuple[pd.DataFrame, ...]:
    """Accounts (round, loss, deficit) and markets (sell, buy), as one would in a notebook."""
    held = pd.DataFrame(
        {"account": holdings.account, "market": holdings.market, "qty": holdings.qty}
    )
    held["long"], held["short"] = held["qty"].clip(lower=0), -held["qty"].clip(upper=0)
    held["start"] = held["market"].map(pd.Series(markets.price))
    of = pd.DataFrame({"cash": accounts.cash, "share": accounts.maintenance, "round": 0})
    at = pd.DataFrame(
        {
            "price": markets.price,
            "force": [impact.numerator * ONE for impact in markets.impact],
            "resistance": markets.depth * [impact.denominator for impact in markets.impact],
        }
    )
    number = 0
    while True:
        gone = held[held["account"].map(of["round"]) > 0]
        forced = gone.groupby("market")[["long", "short"]].sum().reindex(at.index, fill_value=0)
        # Rounded up: what is gone is never less.
        fall = -(-forced["long"] * at["force"] // at["resistance"])
        rise = -(-forced["short"] * at["force"] // at["resistance"])
        at["sell"] = (at["price"] - fall).clip(lower=0)
        at["buy"] = (at["price"] + rise).clip(upper=ONE)
        rows = held.merge(at[["sell", "buy"]], left_on="market", right_index=True)
        rows["value"] = rows["long"] * rows["sell"] - rows["short"] * rows["buy"]
        rows["at_risk"] = rows["long"] * rows["sell"] + rows["short"] * (ONE - rows["buy"])
        rows["loss"] = rows["qty"] * rows["start"] - rows["value"]
        summed = rows.groupby("account")[["value", "at_risk", "loss"]].sum()
        summed = summed.reindex(of.index, fill_value=0)
        equity = of["cash"] + summed["value"]
        below = (of["round"] == 0) & (
            accounts.parts * equity < of["share"] * summed["at_risk"]
        )  # in whole numbers: no rounding decides
        if not below.any():
            break
        number += 1
        of.loc[below, "round"] = number
    of["loss"] = summed["loss"].where(of["round"] > 0, 0)
    of["deficit"] = (-equity).clip(lower=0).where(of["round"] > 0, 0)
    return of, at


def _assert_equal(result: CascadeResult, peer: tuple[pd.DataFrame, ...]) -> None:
    of, at = peer
    for name, ours, theirs in (
        ("rounds", result.round_of, of["round"]),
        ("losses", result.loss, of["loss"]),
        ("deficits", result.deficit, of["deficit"]),
        ("sell prices", result.sell, at["sell"]),
        ("buy prices", result.buy, at["buy"]),
    ):
        if not np.array_equal(ours, theirs.to_numpy()):
            sys.exit(f"pandas disagrees on {name}")
