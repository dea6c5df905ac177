"""Cascade of forced liquidations: sales move prices, prices force further sales.

Belongs here: the greatest fixed point of prices and the accounts that do not survive it.
Source: stress-default-backtest.md; liquidation at the prices of the fixed point as in
Cifuentes, Ferrucci and Shin, "Liquidity Risk and Contagion" (Journal of the European Economic
Association 3, 2005).

Forced sales and forced purchases press on a market apart. What has to be sold is valued at
the price that all forced sales leave, what has to be bought back at the price that all forced
purchases leave; a purchase never helps a seller. So nothing that happens makes anybody better
off, the map from prices to prices is monotone, and by Tarski's theorem it has a greatest fixed
point that does not depend on the order of events. With netting neither holds:
docs/default-management.md has the counterexample.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from reporting.model.default.incidence import RowsOf, distinct
from reporting.model.errors import ModelError
from reporting.units import multiply_divide_up

_SAFE = 2**62
"""Amounts below it cannot overflow int64, even where two are added."""
_LARGEST_PARTS = 2**31
_ULP, _ROUNDINGS = 2.0**-52, 16
"""Twice the relative error of a float operation; how many there are beside one a position."""


@dataclass(frozen=True)
class Markets:
    """One element per market.

    price: whole numbers of units, ``one`` units are what a contract pays at most. depth:
    contracts that the market takes, above 0, in the unit of quantities. impact: how far the
    price moves, as a share of ``one``, when forced sales are as large as the depth.
    """

    price: np.ndarray
    depth: np.ndarray
    impact: Sequence[Fraction]
    one: int


@dataclass(frozen=True)
class Accounts:
    """One element per account.

    cash: may be negative; unit of quantities x unit of prices. maintenance: share of the worst
    case of the positions, at their prices, that equity must reach; whole numbers of 1 / parts,
    from 0 to parts.
    """

    cash: np.ndarray
    maintenance: np.ndarray
    parts: int


@dataclass(frozen=True)
class Holdings:
    """One row per account and market: their indices, and qty, negative for a short."""

    account: np.ndarray
    market: np.ndarray
    qty: np.ndarray


@dataclass(frozen=True)
class PriceMove:
    """Markets that moved in a round, and the two prices after it.

    sell: what forced sellers get; buy: what forced buyers pay.
    """

    number: int
    market: np.ndarray
    sell: np.ndarray
    buy: np.ndarray


@dataclass(frozen=True)
class CascadeResult:
    """What the cascade leaves.

    round_of: per account, the round that liquidates it, 0 for never. sell, buy: prices of the
    fixed point per market. net: the price that the balance of all forced trades leaves,
    for information. loss: what liquidated positions bring less than at the start; deficit:
    what liquidated accounts owe then, both per account and 0 for the others.
    """

    round_of: np.ndarray
    path: tuple[PriceMove, ...]
    sell: np.ndarray
    buy: np.ndarray
    net: np.ndarray
    loss: np.ndarray
    deficit: np.ndarray

    @property
    def rounds(self) -> int:
        return int(self.round_of.max(initial=0))


def cascade(markets: Markets, accounts: Accounts, holdings: Holdings) -> CascadeResult:
    """Liquidate until everybody left has its maintenance margin. Raises ModelError.

    An account is liquidated when cash + value of its positions is below maintenance x what
    they can still lose (the price of a long, one less the price of a short); then wholly and
    once. Prices are rounded to their unit, against the account. Any order of rows gives the
    same.
    """
    _check(markets, accounts, holdings)
    book = _Book(markets, accounts, holdings)
    every = np.arange(len(accounts.cash))
    first_value = book.worth(every)[0]
    round_of = np.zeros(len(accounts.cash), dtype=np.int64)
    path: list[PriceMove] = []
    # Only who holds a market that moved can have fallen below its margin since.
    concerned = every
    while True:
        new = book.below_margin(concerned[round_of[concerned] == 0])
        if not len(new):
            break
        round_of[new] = len(path) + 1
        moved = book.trade_away(new)
        path.append(PriceMove(len(path) + 1, moved, book.sell[moved], book.buy[moved]))
        concerned = book.holders(moved)
    liquidated = round_of > 0
    last_value = first_value.copy()
    last_value[liquidated] = book.worth(np.flatnonzero(liquidated))[0]
    owed = np.maximum(-(book.cash + last_value), 0)
    return CascadeResult(
        round_of=round_of,
        path=tuple(path),
        sell=book.sell,
        buy=book.buy,
        net=book.net(),
        loss=first_value - last_value,
        deficit=np.where(liquidated, owed, 0).astype(book.exact),
    )


class _Book:
    """Prices, forced trades so far, and who does not have its margin at the prices."""

    def __init__(self, markets: Markets, accounts: Accounts, holdings: Holdings):
        self.exact = _dtype(markets, accounts, holdings)
        self.account, self.market = holdings.account, holdings.market
        self.qty = holdings.qty.astype(self.exact)
        self.is_long = self.qty > 0
        self.cash = accounts.cash.astype(self.exact)
        self.maintenance = accounts.maintenance.astype(self.exact)
        self.parts, self.one = accounts.parts, markets.one
        self.sell = markets.price.astype(self.exact)
        self.buy = self.sell.copy()
        self.sold, self.bought = np.zeros_like(self.sell), np.zeros_like(self.sell)
        self.prices = _Prices(markets)
        self.of_account = RowsOf(self.account, len(self.cash))
        self.of_market = RowsOf(self.market, len(self.sell))
        self.near = _Near(self)

    def below_margin(self, accounts: np.ndarray) -> np.ndarray:
        """Those of the accounts, in their order, whose equity is below their maintenance margin."""
        slack, error = self.near.slack(accounts)
        below = slack < -error
        # Exact only where rounding could decide: whole numbers beyond int64 are slow.
        open_ = np.flatnonzero(~(below | (slack > error)))
        value, can_lose = self.worth(accounts[open_])
        asked = accounts[open_]
        required = multiply_divide_up(can_lose, self.maintenance[asked], self.parts)
        below[open_] = self.cash[asked] + value < required
        return accounts[below]

    def worth(self, accounts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Value of the positions of each account, and what they can lose: p q of a long,
        (one - p) |q| of a short."""
        rows, place = self.of_account.of(accounts), self.of_account.places(accounts)
        value = np.zeros(len(accounts), dtype=self.exact)
        can_lose = value.copy()
        markets, is_long = self.market[rows], self.is_long[rows]
        worth = self.qty[rows] * np.where(is_long, self.sell[markets], self.buy[markets])
        at_risk = np.where(is_long, worth, worth - self.qty[rows] * self.one)
        np.add.at(value, place, worth)
        np.add.at(can_lose, place, at_risk)
        return value, can_lose

    def trade_away(self, accounts: np.ndarray) -> np.ndarray:
        """Press all their positions on the markets; the markets that move, in order."""
        rows = self.of_account.of(accounts)
        markets, qty = self.market[rows], self.qty[rows]
        np.add.at(self.sold, markets, np.maximum(qty, 0))
        np.add.at(self.bought, markets, np.maximum(-qty, 0))
        touched = distinct(markets, len(self.sell))
        sell_before, buy_before = self.sell[touched], self.buy[touched]
        sold, bought = self.sold[touched].tolist(), self.bought[touched].tolist()
        for market, sales, purchases in zip(touched.tolist(), sold, bought, strict=True):
            self.sell[market] = self.prices.after(market, sales)
            self.buy[market] = self.prices.after(market, -purchases)
        fell, rose = self.sell[touched] != sell_before, self.buy[touched] != buy_before
        return touched[(fell | rose).astype(bool)]

    def holders(self, markets: np.ndarray) -> np.ndarray:
        return distinct(self.account[self.of_market.of(markets)], len(self.cash))

    def net(self) -> np.ndarray:
        balance = (self.sold - self.bought).tolist()
        return np.array([self.prices.after(m, q) for m, q in enumerate(balance)], dtype=self.exact)


class _Near:
    """Slack of accounts in floats, and how far off that can be at most.

    Equity is whole: it is below the requirement rounded up where it is below the requirement.
    """

    def __init__(self, book: _Book):
        self._book = book
        self._qty, self._cash = _floats(book.qty), _floats(book.cash)
        parts, self._one = _floats(np.array([book.parts, book.one], dtype=object)).tolist()
        self._ratio = _floats(book.maintenance) / parts
        gross = np.bincount(book.account, weights=np.abs(self._qty), minlength=len(self._cash))
        roundings = book.of_account.lengths + _ROUNDINGS
        self._error = _ULP * roundings * (np.abs(self._cash) + 2 * self._one * gross)

    def slack(self, accounts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Equity above the maintenance margin, and the error bound; not a number where floats do
        not reach."""
        book, count = self._book, len(accounts)
        rows, place = book.of_account.of(accounts), book.of_account.places(accounts)
        sell, buy = _floats(book.sell), _floats(book.buy)
        qty, markets = self._qty[rows], book.market[rows]
        with np.errstate(over="ignore", invalid="ignore"):
            worth = qty * np.where(qty > 0, sell[markets], buy[markets])
            at_risk = np.where(qty > 0, worth, worth - qty * self._one)
            value = np.bincount(place, weights=worth, minlength=count)
            required = self._ratio[accounts] * np.bincount(place, weights=at_risk, minlength=count)
            return self._cash[accounts] + value - required, self._error[accounts]


class _Prices:
    """Price of a market after forced trades, exact until it is rounded to whole units."""

    def __init__(self, markets: Markets):
        self.start = [int(price) for price in markets.price.tolist()]
        self.one = markets.one
        self.force = [impact.numerator * markets.one for impact in markets.impact]
        depth = zip(markets.depth.tolist(), markets.impact, strict=True)
        self.resistance = [amount * impact.denominator for amount, impact in depth]

    def after(self, market: int, sold: int) -> int:
        """Within 0 and one, rounded against who has to trade; sold is below 0 for purchases."""
        pressure, resistance = sold * self.force[market], self.resistance[market]
        fall = -(-pressure // resistance) if sold > 0 else pressure // resistance
        return min(max(self.start[market] - fall, 0), self.one)


def _floats(values: np.ndarray) -> np.ndarray:
    """Not a number where one is too large for a float, so that every comparison is false."""
    try:
        return values.astype(np.float64)
    except OverflowError:
        return np.full(len(values), np.nan)


def _dtype(markets: Markets, accounts: Accounts, holdings: Holdings) -> type:
    """int64 where no sum can overflow, else Python's integers."""
    volume = sum(map(abs, holdings.qty.tolist()))
    cash = max(map(abs, accounts.cash.tolist()), default=0)
    fits = 2 * max(volume, 1) * markets.one + cash < _SAFE and accounts.parts < _LARGEST_PARTS
    return np.int64 if fits else object


def _check(markets: Markets, accounts: Accounts, holdings: Holdings) -> None:
    if markets.one < 1:
        raise ModelError("one", "must be above 0")
    if accounts.parts < 1:
        raise ModelError("parts", "must be above 0")
    _refuse("markets", "price", (markets.price < 0) | (markets.price > markets.one),
            f"must lie between 0 and {markets.one}")  # fmt: skip
    _refuse("markets", "depth", markets.depth <= 0, "must be above 0")
    negative = np.array([impact < 0 for impact in markets.impact], dtype=bool)
    _refuse("markets", "impact", negative, "must not be negative")
    share = accounts.maintenance
    _refuse("accounts", "maintenance", (share < 0) | (share > accounts.parts),
            "must lie between none and all of the worst case")  # fmt: skip
    order = np.lexsort((holdings.market, holdings.account))
    account, market = holdings.account[order], holdings.market[order]
    again = (account[1:] == account[:-1]) & (market[1:] == market[:-1])
    if again.any():
        row = int(order[1:][again].min())
        raise ModelError(f"holdings[{row}]", "account and market are named twice")


def _refuse(table: str, field: str, is_wrong: np.ndarray, words: str) -> None:
    found = np.flatnonzero(is_wrong.astype(bool))
    if len(found):
        raise ModelError(f"{table}[{found[0]}].{field}", words)
