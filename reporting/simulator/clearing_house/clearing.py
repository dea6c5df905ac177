"""The clearing house: takes a day's trades, closes the day, and sends its files."""

from dataclasses import replace
from datetime import date

import numpy as np

from reporting.contract import END_OF_DAY
from reporting.simulator import clock, text
from reporting.simulator.clearing_house import clearing_files
from reporting.simulator.clearing_house.book import DayBook, Sides, half_even_centicents
from reporting.simulator.clearing_house.calls import end_of_day_calls, intraday_call, morning
from reporting.simulator.clearing_house.close import DayClose
from reporting.simulator.clearing_house.collateral import Collateral
from reporting.simulator.clearing_house.figures import Figures, copy_of
from reporting.simulator.clearing_house.flow import Flow
from reporting.simulator.clearing_house.injection import Injector
from reporting.simulator.clearing_house.intraday import (
    INTRADAY,
    CycleMarket,
    IntradayCall,
    IntradayDesk,
)
from reporting.simulator.clearing_house.marks import MarkKeeper
from reporting.simulator.clearing_house.reference_files import write_market_rows, write_people
from reporting.simulator.clearing_house.resources import CommonResources
from reporting.simulator.clearing_house.roster import Roster, owners
from reporting.simulator.clearing_house.shock.default import Default
from reporting.simulator.clearing_house.shock.repricing import Standing
from reporting.simulator.clearing_house.venue_stress import FALLS_BPS, venue_stress
from reporting.simulator.drop import DropFolder
from reporting.simulator.margin.add_ons import OwnersBook
from reporting.simulator.margin.history import CycleState, MarketHistory
from reporting.simulator.margin.requirement import MarginModel, Requirement
from reporting.simulator.market.listing import Listing
from reporting.simulator.market.trades import Trades
from reporting.simulator.positions import Positions
from reporting.simulator.schedules import Schedule, schedules_from


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
        flow: Flow | None = None,
        default: Default | None = None,
    ) -> None:
        self.roster = roster
        self._default = default
        self._flow = flow
        self._drop = drop
        self._listing = listing
        self._seed = seed
        self._injector = injector
        self._schedules = schedules_from(first)
        self._history = MarketHistory(listing)
        self.marks = MarkKeeper(listing, self._schedules[-1])
        self._collateral = Collateral(
            roster, listing, self._schedules[-1], np.random.default_rng([seed, 3])
        )
        self._resources = CommonResources(roster)
        self._volume = np.zeros(len(roster.members), np.int64)
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
        if self._default is not None:
            self._default.open_day(day)
            if self._is_next_day:
                self._flow.freeze()
        self.marks.open_day()
        self._intraday_calls: list[IntradayCall] = []
        self._rng = np.random.default_rng([self._seed, 4, index])
        self._book = DayBook(self._positions, day, self._listing.fee_columns())
        self._audit = self._drop.open_table(day, "trade_audit", cycle)

    def take(self, trades: Trades) -> Trades:
        """Give every trade its two accounts, book it, and report it; returns what was booked."""
        trades, sides = self.draw(trades)
        self.book(trades, sides)
        return trades

    def draw(self, trades: Trades) -> tuple[Trades, Sides]:
        """Two accounts for every trade, and its direction where the taker has a purpose."""
        if self._flow is None:
            return trades, self.roster.draw_sides(trades, self._rng)
        now = clock.new_york(self._day, 24) // clock.MICROS
        return self._flow.draw(trades, self._book.now, now, self._rng)

    def auction(self, marks: np.ndarray, open_markets: np.ndarray) -> tuple[Trades, Sides] | None:
        """The trades of the day's default auction, if there is one; ``marks``: of yesterday."""
        if not self._is_next_day or self._flow is None:
            return None
        held = self._positions.copy()
        held.keep(held.of_markets(open_markets.tolist()))
        return self._default.auction_trades(held, marks)

    def standing(self) -> Standing:
        """Where the house stands before a shock."""
        return Standing(
            self.roster,
            self._positions,
            self._reported_initial,
            self._collateral.after_haircut(),
            self._resources,
        )

    @property
    def _is_shock_day(self) -> bool:
        return self._default is not None and self._day == self._default.shock_day

    @property
    def _is_next_day(self) -> bool:
        return self._default is not None and self._day == self._default.next_day

    @property
    def _errors(self) -> Injector | None:
        """What injects errors today: nothing while a default is under way."""
        return None if self._is_shock_day or self._is_next_day else self._injector

    def book(self, trades: Trades, sides: Sides) -> None:
        """Book trades and report them."""
        self._book.take(trades, sides)
        for side in (sides.taker, sides.maker):
            np.add.at(self._volume, self.roster.member_of[side], trades.quantity)
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
            write_people(self._drop, self._day, self.roster, self._schedules, market.cycle)
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
        net = variation - book.fees
        late = np.zeros(self.roster.accounts, bool)
        if self._is_shock_day:
            lost = book.margined_losses(close.values, close.previous)
            late = self._default.shocked(
                day, lost, self._reported_initial, max(0, -int(net[self.roster.prop]))
            )
        self._settled = book.settle([s.market for s in firsts])
        self._positions = book.now
        if self._errors is not None:
            self._errors.figure_errors(self._index, figures, self._models)
        reported = np.where(figures.missing, 0, figures.reported.initial)
        protected = np.where(
            figures.touched, np.maximum(figures.true.initial, figures.reported.initial), 0
        )
        self._collateral.tie(self._positions)
        if self._is_next_day:
            prop = self.roster.prop
            seized = self._collateral.seize(prop)
            self._default.resolve(self._resources, seized, max(0, -int(net[prop])))
        # On the shock day nobody who keeps no reserve can pay before the cycle.
        unable = self.roster.tight & self._is_shock_day
        calls = self._collateral.provide(reported, protected, unable)
        self._size_resources(figures.true)
        self._send_reference(day)
        write_market_rows(self._drop, close, figures, self._listing.tickers)
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
            morning(self._day, 8, 30),
            self._paid(late),
        )
        clearing_files.write_collateral(self._drop, day, self._collateral, self.roster)
        self._collateral.meet(self._send_calls(calls, figures))
        if self._is_next_day:
            self._drop.write_table(day, "bids", self._default.bid_rows())
        self._reported_initial = reported

    def _size_resources(self, margin: Requirement) -> None:
        """The fund and own capital of the next morning, after the stress of the close.

        On the shock day they stay as they are: nobody pays into the fund that morning.
        """
        stress = venue_stress(
            self._positions,
            self.roster,
            self._listing,
            self._state.marks,
            margin,
            self._collateral.after_falls(FALLS_BPS),
        )
        if not self._is_shock_day:
            self._resources.size(stress, self._volume)

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
            reported=copy_of(true),
            missing=np.zeros(positions.accounts, bool),
            unsent=np.zeros(len(close.marks), bool),
            touched=np.zeros(positions.accounts, bool),
            maintenance_bps=self._schedules[-1]["maintenance_bps"],
        )
        injector = self._errors
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
            self.marks.marked,
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
        write_people(self._drop, day, self.roster, self._schedules)
        fund = self._resources
        ids = [member["member_id"] for member in self.roster.members]
        # Nothing was assessed before.
        rows = zip(ids, fund.required.tolist(), fund.deposited.tolist(), strict=True)
        self._drop.write_table(day, "guaranty_fund", [(*row, "") for row in rows])
        self._drop.write_table(day, "resources", fund.layers())

    def _send_calls(self, calls: np.ndarray, figures: Figures) -> np.ndarray:
        """Issue the calls; returns what is met of them by account, centicents."""
        day, ids = self._day, self.roster.account_ids
        sent = end_of_day_calls(self._index, ids, calls, figures, self._errors)
        if self._is_shock_day:
            sent = self._default.disturb(sent, morning(day, 8, 45))
        met = np.zeros(len(ids), np.int64)
        number = {account_id: n for n, account_id in enumerate(ids)}
        for call in sent:
            met[number[call.account_id]] += call.met
        within = [
            intraday_call(day, call.cycle, ids[call.account], call.amount)
            for call in self._intraday_calls
        ]
        ended = []
        if self._is_next_day:
            ended = self._default.closed_calls(clock.utc_text(clock.new_york(day, 12)))
        rows = [call.row for call in (*within, *sent, *ended)]
        self._drop.write_table(day, "margin_calls", rows)
        return met

    def _paid(self, late: np.ndarray) -> list[str]:
        """When each account pays its obligation; "" for one that does not."""
        paid = [
            morning(self._day, 8, 45) if slow else morning(self._day, 8) for slow in late.tolist()
        ]
        if self._is_shock_day or self._is_next_day:
            paid[self.roster.prop] = ""
        return paid
