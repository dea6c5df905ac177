"""The clearing house: takes a day's trades, closes the day, and sends its files."""

from dataclasses import fields, replace
from datetime import date, timedelta

import numpy as np

from reporting.contract import END_OF_DAY
from reporting.simulator import clock, text
from reporting.simulator.clearing_house import clearing_files
from reporting.simulator.clearing_house.book import DayBook, Sides, half_even_centicents
from reporting.simulator.clearing_house.close import DayClose, settlement_row
from reporting.simulator.clearing_house.collateral import Collateral, CommonResources
from reporting.simulator.clearing_house.figures import Figures
from reporting.simulator.clearing_house.injection import Injector
from reporting.simulator.clearing_house.intraday import (
    INTRADAY,
    CycleMarket,
    IntradayCall,
    IntradayDesk,
)
from reporting.simulator.clearing_house.marks import MarkKeeper
from reporting.simulator.clearing_house.roster import Roster, account_rows, owners
from reporting.simulator.drop import DropFolder
from reporting.simulator.margin.add_ons import OwnersBook
from reporting.simulator.margin.history import CycleState, MarketHistory
from reporting.simulator.margin.requirement import MarginModel, Requirement
from reporting.simulator.margin.schedules import Schedule, schedules_from
from reporting.simulator.market.listing import Listing
from reporting.simulator.market.trades import Trades
from reporting.simulator.positions import Positions


class ClearingHouse:
    """State of the clearing side from day to day."""

    def __init__(
        self,
        drop: DropFolder,
        roster: Roster,
        listing: Listing,
        first: date,
        seed: int,
        injector: Injector | None,
    ) -> None:
        self.roster = roster
        self._drop = drop
        self._listing = listing
        self._seed = seed
        self._injector = injector
        self._schedules = schedules_from(first)
        self._history = MarketHistory(listing)
        self.marks = MarkKeeper(listing, self._schedules[-1])
        self._collateral = Collateral(roster, self._schedules[-1], np.random.default_rng([seed, 3]))
        self._resources = CommonResources(roster)
        self._shocked = False
        self._desk = IntradayDesk(
            drop,
            roster,
            listing,
            self._schedules[-1],
            self._history,
            self._collateral,
            self.marks,
        )
        self._positions = Positions(roster.accounts)
        self._settled = Positions(roster.accounts)
        self._reported_initial = np.zeros(roster.accounts, np.int64)

    def open_day(self, day: date, index: int, cycle: str = END_OF_DAY) -> None:
        """Start a business date; its first audit file is that of ``cycle``."""
        self._day, self._index = day, index
        self.marks.open_day()
        self._intraday_calls: list[IntradayCall] = []
        self._rng = np.random.default_rng([self._seed, 4, index])
        self._book = DayBook(self._positions, day, self._listing.fee_columns())
        self._audit = self._drop.open_table(day, "trade_audit", cycle)

    def take(self, trades: Trades) -> None:
        """Give every trade its two accounts, book it, and report it."""
        self.book(trades, self.draw_sides(trades))

    def draw_sides(self, trades: Trades) -> Sides:
        """Two accounts for every trade."""
        return self.roster.draw_sides(trades, self._rng)

    def book(self, trades: Trades, sides: Sides) -> None:
        """Book trades and report them."""
        self._book.take(trades, sides)
        self._history.take(self._day, trades.market, trades.quantity)
        self.marks.take(trades)
        clearing_files.add_trade_audit(self._audit, trades, sides, self.roster)

    def shock(self, trades: Trades, sides: Sides, market: CycleMarket) -> Trades:
        """The trades up to a cycle, with a price shock in them if it is time for one."""
        if self._injector is None or self._index == 0 or self._shocked:
            return trades
        shock = self._desk.shock(self._day, self._book, trades, sides, market, self.roster.ample)
        if shock is None:
            return trades
        shocked_trades, error = shock
        self._shocked = True
        self._injector.errors.append(error)
        return shocked_trades

    def close_cycle(self, market: CycleMarket, following: str) -> None:
        """Send the files of an intraday cycle; the next audit file is for ``following``."""
        self._audit.publish()
        if market.cycle == INTRADAY[0]:
            self._send_people(self._day, market.cycle)
        self._intraday_calls += self._desk.close(self._day, self._book, market)
        self._audit = self._drop.open_table(self._day, "trade_audit", following)

    def open_interest(self) -> np.ndarray:
        """Contracts long per market at this moment, hundredths."""
        return self._longs(self._book.now)

    def _longs(self, positions: Positions) -> np.ndarray:
        total = np.zeros(len(self._listing.tickers), np.int64)
        np.add.at(total, positions.market, np.maximum(positions.qty, 0))
        return total

    def close_day(self, close: DayClose) -> None:
        """Mark, settle, charge, and send the day's clearing files."""
        self._audit.publish()
        day, book = self._day, self._book
        firsts = [s for s in close.settlements if s.revision == 0]
        open_after = book.now.copy()
        open_after.keep(~open_after.of_markets([s.market for s in firsts]))
        self._state = self._cycle_state(open_after, close)
        self._owners = OwnersBook(owners(self.roster), open_after)
        self._models = [self._model(schedule, self._state) for schedule in self._schedules]
        figures = self._figures(open_after, close)
        variation = half_even_centicents(self._variation(figures.reported_marks, close))
        self._settled = book.settle([s.market for s in firsts])
        self._positions = book.now
        if self._injector is not None:
            self._injector.figure_errors(self._index, figures, self._models)
        reported = np.where(figures.missing, 0, figures.reported.initial)
        protected = np.where(
            figures.touched, np.maximum(figures.true.initial, figures.reported.initial), 0
        )
        calls = self._collateral.provide(reported, protected)
        self._resources.update(self.roster, figures.true)
        self._send_reference(day)
        self._send_market_rows(close, figures)
        cells = text.table(self._listing.tickers)
        clearing_files.write_positions(self._drop, day, figures.snapshot, self.roster, cells)
        rows = np.flatnonzero(figures.reported.held & ~figures.missing)
        version = self._schedules[-1].version
        clearing_files.write_margin(self._drop, day, figures.reported, rows, self.roster, version)
        clearing_files.write_obligations(
            self._drop,
            day,
            variation,
            -book.fees,
            self._reported_initial - reported,
            self.roster,
            (self._morning(8, 30), self._morning(8)),
        )
        clearing_files.write_collateral(self._drop, day, self._collateral, self.roster)
        self._send_calls(calls, figures)
        self._collateral.meet(calls)
        self._reported_initial = reported

    def _figures(self, positions: Positions, close: DayClose) -> Figures:
        """True figures, and the reported ones with a stale mark where one is due."""
        true = self._models[-1].requirement(positions)
        figures = Figures(
            day=self._day,
            positions=positions,
            snapshot=positions.copy(),
            marks=close.marks,
            reported_marks=close.marks.copy(),
            true=true,
            reported=_copy(true),
            missing=np.zeros(positions.accounts, bool),
            unsent=np.zeros(len(close.marks), bool),
            touched=np.zeros(positions.accounts, bool),
            maintenance_bps=self._schedules[-1]["maintenance_bps"],
        )
        injector = self._injector
        if injector is not None and injector.due(self._index, "STALE_MARK"):
            market = injector.stale_mark(positions, close.marks, close.previous, close.traded)
            if market is not None:
                figures.reported_marks[market] = close.previous[market]
                wrong = self._at_stale_mark(figures, market)
                injector.record_stale_mark(figures, market, wrong)
        return figures

    def _at_stale_mark(self, figures: Figures, market: int) -> Requirement:
        """Margin at the reported marks of the accounts affected by the mark of the market."""
        reached = figures.positions.of_markets(self._listing.reached_by(market))
        some = figures.positions.copy()
        some.keep(np.isin(some.account, some.account[reached]))
        state = replace(self._state, marks=figures.reported_marks)
        return self._model(self._schedules[-1], state).requirement(some)

    def _cycle_state(self, positions: Positions, close: DayClose) -> CycleState:
        """The market state behind the margin of the day."""
        return self._history.close(
            self._day,
            clock.new_york(self._day, 24) // clock.MICROS,
            close.marks,
            close.traded,
            [(s.market, s.value) for s in close.settlements],
            self._longs(positions),
        )

    def _model(self, schedule: Schedule, state: CycleState) -> MarginModel:
        return MarginModel(self._listing, schedule, self.roster.linked, state, self._owners)

    def _variation(self, marks: np.ndarray, close: DayClose) -> np.ndarray:
        value = marks.copy()
        amended = np.zeros(self.roster.accounts, np.int64)
        for settlement in close.settlements:
            if settlement.revision == 0:
                value[settlement.market] = settlement.value
                continue
            rows = self._settled.market == settlement.market
            change = settlement.value - settlement.replaced_value
            np.add.at(amended, self._settled.account[rows], self._settled.qty[rows] * change)
        return self._book.variation_micros(value, close.previous) + amended

    def _send_reference(self, day: date) -> None:
        self._send_people(day)
        fund = self._resources
        ids = [member["member_id"] for member in self.roster.members]
        # Nothing was assessed before, and no layer has a rule, a period or a segment.
        rows = zip(ids, fund.required.tolist(), fund.deposited.tolist(), strict=True)
        self._drop.write_table(day, "guaranty_fund", [(*row, "") for row in rows])
        layers = [(*layer, *[""] * 5) for layer in fund.layers()]
        self._drop.write_table(day, "resources", layers)

    def _send_people(self, day: date, cycle: str = END_OF_DAY) -> None:
        """Members, accounts and the margin schedule."""
        drop, roster = self._drop, self.roster
        drop.write_table(day, "members", [tuple(m.values()) for m in roster.members], cycle)
        drop.write_table(day, "accounts", account_rows(roster), cycle)
        versions = [
            (s.version, s.effective.isoformat(), s.approver, s.reason, s.text())
            for s in self._schedules
        ]
        drop.write_table(day, "margin_schedule", versions, cycle)

    def _send_market_rows(self, close: DayClose, figures: Figures) -> None:
        tickers = self._listing.tickers
        marks = figures.reported_marks
        prices = [
            ("EOD", tickers[n], text.dollars(marks[n]), "trades", "by the mark policy")
            for n in close.open_markets.tolist()
            if marks[n] >= 0 and not figures.unsent[n]
        ]
        self._drop.write_table(self._day, "market_price_snapshot", prices)
        settled = [settlement_row(s, tickers) for s in close.settlements]
        self._drop.write_table(self._day, "settlement_periods", settled)

    def _send_calls(self, calls: np.ndarray, figures: Figures) -> None:
        """Issue the calls; an injected error may halve one in ``calls``."""
        day, roster, injector = self._day, self.roster, self._injector
        late = None
        if injector is not None and injector.due(self._index, "SHORT_CALL"):
            injector.short_call(figures, calls)
        if injector is not None and injector.due(self._index, "LATE_CALL"):
            late = injector.late_call(calls, figures.touched)
        rows = [self._intraday_row(call) for call in self._intraday_calls]
        for account in np.flatnonzero(calls).tolist():
            call_id = f"C{day:%Y%m%d}-{roster.account_ids[account]}"
            met = self._morning(6, 30)
            if account == late:
                met = self._morning(8, 45)
                injector.record_late_call(day, account, call_id)
            amount = int(calls[account])
            issued, due = self._morning(0, 15), self._morning(8)
            paid = (amount, amount, met, "met", "initial margin above collateral", "", "")
            rows.append((call_id, roster.account_ids[account], "EOD", issued, due, *paid))
        self._drop.write_table(day, "margin_calls", rows)

    def _intraday_row(self, call: IntradayCall) -> tuple:
        """A call for a loss within the day, met within the hour."""
        account, at = self.roster.account_ids[call.account], clock.cycle(self._day, call.cycle)
        issued, met, due = (clock.utc_text(at + m * 60 * clock.MICROS) for m in (5, 60, 120))
        call_id = f"C{self._day:%Y%m%d}-{call.cycle.replace(':', '')}-{account}"
        paid = (call.amount, call.amount, met, "met", "loss since the last variation", "", "")
        return (call_id, account, call.cycle, issued, due, *paid)

    def _morning(self, hour: int, minute: int = 0) -> str:
        """A New York time on the morning after the business date, as UTC text."""
        return clock.utc_text(clock.new_york(self._day + timedelta(days=1), hour, minute))


def _copy(margin: Requirement) -> Requirement:
    return replace(margin, **{f.name: getattr(margin, f.name).copy() for f in fields(margin)})
