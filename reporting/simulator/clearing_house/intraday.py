"""The clearing house within the day: what it sends at the cycles of 12:00 and 16:00.

At a cycle it marks by the policy of the schedule, charges, takes cash from accounts short of
margin, and calls accounts whose loss since the last end of day is too large a share of it.
"""

import copy
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

import numpy as np

from reporting.contract import CYCLES, END_OF_DAY
from reporting.simulator import clock, text
from reporting.simulator.clearing_house import clearing_files
from reporting.simulator.clearing_house.book import DayBook, Sides, half_even_centicents
from reporting.simulator.clearing_house.collateral import Collateral
from reporting.simulator.clearing_house.injected_errors import InjectedError
from reporting.simulator.clearing_house.marks import MarkKeeper
from reporting.simulator.clearing_house.roster import Roster, owners
from reporting.simulator.drop import DropFolder
from reporting.simulator.margin.add_ons import OwnersBook
from reporting.simulator.margin.history import MarketHistory
from reporting.simulator.margin.requirement import MarginModel, Requirement
from reporting.simulator.market.listing import PAYOUT, Listing
from reporting.simulator.market.trades import Trades
from reporting.simulator.positions import Positions
from reporting.simulator.schedules import Schedule

INTRADAY = tuple(cycle for cycle in CYCLES if cycle != END_OF_DAY)
SHOCK, SHOCK_RULE = "PRICE_SHOCK", "RECOMPUTE-CYCLE-LOSS"
_METHOD = "by the mark policy"
_LOSS_BPS = 4_000
_CENT = 100
_TRIES = 12

Columns = TypeVar("Columns", Trades, Sides)


@dataclass(frozen=True)
class CycleMarket:
    """The market side of a cycle: marks, settlements so far and open markets.

    Marks at the cycle and of the previous day are centicents per market, -1 if the market never
    traded. Settlements are (market, value) pairs and the rows to send.
    """

    cycle: str
    marks: np.ndarray
    previous: np.ndarray
    settled: list[tuple[int, int]]
    settled_rows: list[tuple]
    open_markets: np.ndarray


@dataclass(frozen=True)
class CycleFigures:
    """Figures of the clearing house at a cycle, centicents per account.

    ``lost``: loss on margined positions since the last end of day if it exceeds the limit,
    else 0.
    """

    positions: Positions
    required: Requirement
    variation: np.ndarray
    lost: np.ndarray


@dataclass(frozen=True)
class IntradayCall:
    """A call for a loss."""

    cycle: str
    account: int
    amount: int


class IntradayDesk:
    """The house's cycles within the day."""

    def __init__(
        self,
        drop: DropFolder,
        roster: Roster,
        listing: Listing,
        schedule: Schedule,
        history: MarketHistory,
        collateral: Collateral,
        marks: MarkKeeper,
    ) -> None:
        self._drop, self._roster, self._listing = drop, roster, listing
        self._schedule, self._history, self._collateral = schedule, history, collateral
        self._marks = marks

    def figures(self, day: date, book: DayBook, market: CycleMarket) -> CycleFigures:
        """Margin and variation at the cycle."""
        positions = book.now.copy()
        positions.keep(~positions.of_markets([number for number, _ in market.settled]))
        interest = np.zeros(len(self._listing.tickers), np.int64)
        np.add.at(interest, positions.market, np.maximum(positions.qty, 0))
        seconds = clock.cycle(day, market.cycle) // clock.MICROS
        state = self._history.at(day, seconds, market.marks, market.settled, interest)
        book_of_owners = OwnersBook(owners(self._roster), positions)
        model = MarginModel(
            self._listing, self._schedule, self._roster.linked, state, book_of_owners
        )
        margined = positions.copy()
        margined.keep(~margined.paid_in_full)
        value = market.marks.copy()
        for number, paid in market.settled:
            value[number] = paid
        by_kind = book.variation_by_kind(value, market.previous)
        loss = -half_even_centicents(by_kind[:, 0])
        initial = model.requirement(margined).initial
        too_much = (initial > 0) & (10_000 * loss > _LOSS_BPS * initial)
        return CycleFigures(
            positions,
            model.requirement(positions),
            half_even_centicents(by_kind.sum(axis=1)),
            np.where(too_much, loss, 0),
        )

    def close(self, day: date, book: DayBook, market: CycleMarket) -> list[IntradayCall]:
        """Send the files of the cycle; returns the calls, which are met in cash."""
        figures = self.figures(day, book, market)
        cycle, drop, roster = market.cycle, self._drop, self._roster
        self._collateral.tie(figures.positions)
        self._collateral.cover(figures.required.initial - figures.variation)
        clearing_files.write_collateral(drop, day, self._collateral, roster, cycle)
        cells = text.table(self._listing.tickers)
        clearing_files.write_positions(drop, day, figures.positions, roster, cells, cycle)
        prices = [
            (cycle, self._listing.tickers[n], text.dollars(market.marks[n]), "trades", _METHOD)
            for n in market.open_markets.tolist()
            if market.marks[n] >= 0
        ]
        drop.write_table(day, "market_price_snapshot", prices, cycle)
        drop.write_table(day, "settlement_periods", market.settled_rows, cycle)
        rows = np.flatnonzero(figures.required.held)
        version = self._schedule.version
        clearing_files.write_margin(drop, day, figures.required, rows, roster, version, cycle)
        self._collateral.meet(figures.lost)
        lost = figures.lost
        return [IntradayCall(cycle, a, int(lost[a])) for a in np.flatnonzero(lost).tolist()]

    def shock(
        self,
        day: date,
        book: DayBook,
        trades: Trades,
        sides: Sides,
        market: CycleMarket,
        eligible: np.ndarray,
    ) -> tuple[Trades, InjectedError] | None:
        """The trades up to a cycle with a final price shock, and the injected error.

        The shock costs an account more than the limit; None if there is no such account.
        """
        before = self._lost(day, _after(book, trades, sides), market)
        counted = self._marks.counts(trades.market, trades.quantity)
        now = clock.cycle(day, market.cycle)
        for number, account, price in _candidates(book, trades.market[counted], market, eligible):
            if before[account]:
                continue
            last = np.flatnonzero(counted & (trades.market == number))[-1]
            wild = _with_price(trades, last, price)
            marks = self._marks.preview(wild, now)
            after = self._lost(day, _after(book, wild, sides), replace(market, marks=marks))
            if after[account]:
                subject = f"{market.cycle} {self._roster.account_ids[account]}"
                words = (
                    f"{self._listing.tickers[number]} at {price / PAYOUT:.4f} before the cycle,"
                    f" was {market.previous[number] / PAYOUT:.4f}"
                )
                return wild, InjectedError(day.isoformat(), SHOCK, subject, SHOCK_RULE, words)
        return None

    def _lost(self, day: date, book: DayBook, market: CycleMarket) -> np.ndarray:
        # The trades are not in the history yet, so that a market's volume may be nothing.
        with np.errstate(divide="ignore"):
            return self.figures(day, book, market).lost


def parts_of(day: date, trades: Trades) -> Iterator[tuple[str, np.ndarray]]:
    """Each cycle with the trades up to it since the one before, as masks; then the rest."""
    start = np.zeros(len(trades), bool)
    for cycle in INTRADAY:
        until = trades.micros <= clock.cycle(day, cycle)
        yield cycle, until & ~start
        start = until
    yield END_OF_DAY, ~start


def rows_of(columns: Columns, mask: np.ndarray) -> Columns:
    """The trades, or the sides of the trades, of a mask."""
    return replace(columns, **{name: column[mask] for name, column in vars(columns).items()})


def joined(columns: Columns, more: Columns, order: np.ndarray) -> Columns:
    """Trades, or sides of trades, with others, in an order."""
    return replace(
        columns,
        **{
            name: np.concatenate([column, getattr(more, name)])[order]
            for name, column in vars(columns).items()
        },
    )


def _after(book: DayBook, trades: Trades, sides: Sides) -> DayBook:
    later = copy.deepcopy(book)
    later.take(trades, sides)
    return later


def _with_price(trades: Trades, row: int, price: int) -> Trades:
    changed = trades.price.copy()
    changed[row] = price
    return replace(trades, price=changed)


def _candidates(
    book: DayBook, traded_markets: np.ndarray, market: CycleMarket, eligible: np.ndarray
) -> Iterator[tuple[int, int, int]]:
    """Market, holder and a price that hurts it: the largest losses of margined positions."""
    held, gone = book.opening, {number for number, _ in market.settled}
    wild = np.where(held.qty > 0, _CENT, PAYOUT - _CENT)
    previous = np.maximum(market.previous[held.market], 0)
    loss = held.qty * (previous - wild)
    traded = np.isin(held.market, traded_markets) & ~np.isin(held.market, list(gone))
    loss = np.where(traded & ~held.paid_in_full & eligible[held.account], loss, 0)
    for row in np.argsort(-loss, kind="stable")[:_TRIES].tolist():
        if loss[row] > 0:
            yield int(held.market[row]), int(held.account[row]), int(wild[row])
