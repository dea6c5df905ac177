"""Cascade of forced liquidations: sales move prices, and prices force further sales.

Belongs here: the greatest fixed point of prices, and the accounts liquidated on the way to it.
Source: stress-default-backtest.md; liquidation at fixed-point prices follows Cifuentes,
Ferrucci and Shin, "Liquidity Risk and Contagion" (Journal of the European Economic Association
3, 2005).

Forced sales and forced purchases move the market separately. Positions to sell are valued at
the price after all forced sales, positions to buy back at the price after all forced purchases;
a purchase never helps a seller. Nothing therefore improves anybody's position, the map from
prices to prices is monotone, and by Tarski's theorem it has a greatest fixed point that does
not depend on the order of events. With netting neither holds: docs/default-management.md has
the counterexample.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from reporting.model.default.incidence import RowsOf, distinct
from reporting.model.errors import ModelError
from reporting.units import multiply_divide_up

_SAFE = 2**62
"""The sum of two amounts below this cannot overflow int64."""
_MAX_PARTS = 2**31
_ULP, _ROUNDINGS = 2.0**-52, 16
"""Twice the relative error of a float operation; operations besides one per position."""


@dataclass(frozen=True)
class Markets:
    """One element per market.

    price: integer number of units; a contract pays at most ``one`` units. depth: contracts the
    market can absorb, above 0, in the unit of quantities. impact: price move, as a share of
    ``one``, when forced sales equal the depth.
    """

    price: np.ndarray
    depth: np.ndarray
    impact: Sequence[Fraction]
    one: int


@dataclass(frozen=True)
class Accounts:
    """One element per account.

    cash: may be negative; in unit of quantity x unit of price. maintenance: required equity as
    a share of the worst case of the positions, in units of 1 / parts, from 0 to parts.
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
    """Markets that moved in a round, and their prices after it.

    sell: price received by forced sellers; buy: price paid by forced buyers.
    """

    number: int
    market: np.ndarray
    sell: np.ndarray
    buy: np.ndarray


@dataclass(frozen=True)
class CascadeResult:
    """Result of the cascade.

    round_of: per account, the round of its liquidation, 0 for never. sell, buy: fixed-point
    prices per market. net: price after the net of all forced trades, for information. loss:
    value lost on liquidated positions since the start; deficit: amount owed after liquidation;
    both per account, 0 for accounts not liquidated.
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
        """Number of rounds."""
        return int(self.round_of.max(initial=0))


def cascade(markets: Markets, accounts: Accounts, holdings: Holdings) -> CascadeResult:
    """Liquidate until all remaining accounts meet maintenance margin. Raises ModelError.

    An account is liquidated, completely and once, when cash + position value is below
    maintenance x the remaining possible loss (the price of a long, one less the price of a
    short). Prices are rounded to their unit, against the account. The order of rows does not
    matter.
    """
    _check(markets, accounts, holdings)
    book = _Book(markets, accounts, holdings)
    all_accounts = np.arange(len(accounts.cash))
    first_value = book.worth(all_accounts)[0]
    round_of = np.zeros(len(accounts.cash), dtype=np.int64)
    path: list[PriceMove] = []
    # Only holders of a market that moved can have fallen below their margin since.
    to_check = all_accounts
    while True:
        new = book.below_margin(to_check[round_of[to_check] == 0])
        if not len(new):
            break
        round_of[new] = len(path) + 1
        moved = book.trade_away(new)
        path.append(PriceMove(len(path) + 1, moved, book.sell[moved], book.buy[moved]))
        to_check = book.holders(moved)
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
    """Prices, forced trades so far, and the accounts below margin at these prices."""

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
        self.approximate = _ApproximateSlack(self)

    def below_margin(self, accounts: np.ndarray) -> np.ndarray:
        """The given accounts with equity below maintenance margin, in the given order."""
        slack, error = self.approximate.slack(accounts)
        below = slack < -error
        # Exact arithmetic only where rounding could decide: integers beyond int64 are slow.
        undecided = np.flatnonzero(~(below | (slack > error)))
        close = accounts[undecided]
        value, can_lose = self.worth(close)
        required = multiply_divide_up(can_lose, self.maintenance[close], self.parts)
        below[undecided] = self.cash[close] + value < required
        return accounts[below]

    def worth(self, accounts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Value and possible loss of each account's positions.

        The possible loss is p q for a long and (one - p) |q| for a short.
        """
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
        """Trade away all positions of the accounts; the markets that move, in order."""
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


class _ApproximateSlack:
    """Slack of accounts in floats, with a bound on the error.

    Equity is an integer, so it is below the rounded-up requirement exactly if it is below the
    requirement.
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
        """Equity less maintenance margin, and the error bound; NaN where floats overflow."""
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
    """Price of a market after forced trades; exact until rounded to a whole unit."""

    def __init__(self, markets: Markets):
        self.start = [int(price) for price in markets.price.tolist()]
        self.one = markets.one
        self.force = [impact.numerator * markets.one for impact in markets.impact]
        depth = zip(markets.depth.tolist(), markets.impact, strict=True)
        self.resistance = [amount * impact.denominator for amount, impact in depth]

    def after(self, market: int, sold: int) -> int:
        """Price in 0..one, rounded against the forced trader; sold is negative for purchases."""
        pressure, resistance = sold * self.force[market], self.resistance[market]
        fall = -(-pressure // resistance) if sold > 0 else pressure // resistance
        return min(max(self.start[market] - fall, 0), self.one)


def _floats(values: np.ndarray) -> np.ndarray:
    """As float64; all NaN if any value is too large, so that every comparison is false."""
    try:
        return values.astype(np.float64)
    except OverflowError:
        return np.full(len(values), np.nan)


def _dtype(markets: Markets, accounts: Accounts, holdings: Holdings) -> type:
    """int64 if no sum can overflow, else Python integers."""
    volume = sum(map(abs, holdings.qty.tolist()))
    cash = max(map(abs, accounts.cash.tolist()), default=0)
    fits = 2 * max(volume, 1) * markets.one + cash < _SAFE and accounts.parts < _MAX_PARTS
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
            "must lie between 0 and 100 % of the worst case")  # fmt: skip
    order = np.lexsort((holdings.market, holdings.account))
    account, market = holdings.account[order], holdings.market[order]
    again = (account[1:] == account[:-1]) & (market[1:] == market[:-1])
    if again.any():
        row = int(order[1:][again].min())
        raise ModelError(f"holdings[{row}]", "account and market are named twice")


def _refuse(table: str, field: str, is_wrong: np.ndarray, words: str) -> None:
    wrong = np.flatnonzero(is_wrong.astype(bool))
    if len(wrong):
        raise ModelError(f"{table}[{wrong[0]}].{field}", words)
