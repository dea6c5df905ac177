"""Form (a): a whole simulated venue, day by day."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from reporting.contract import END_OF_DAY
from reporting.simulator import clock, text
from reporting.simulator.clearing_house.book import Sides
from reporting.simulator.clearing_house.clearing import ClearingHouse
from reporting.simulator.clearing_house.close import DayClose, Settlement, settlement_row
from reporting.simulator.clearing_house.flow import Flow
from reporting.simulator.clearing_house.injected_errors import InjectedError
from reporting.simulator.clearing_house.injection import Injector
from reporting.simulator.clearing_house.intraday import (
    INTRADAY,
    CycleMarket,
    joined,
    parts_of,
    rows_of,
)
from reporting.simulator.clearing_house.roster import make_roster
from reporting.simulator.clearing_house.shock.default import Default
from reporting.simulator.clearing_house.shock.record import shock_record
from reporting.simulator.clearing_house.shock.repricing import repricing
from reporting.simulator.drop import DropFolder
from reporting.simulator.errors import SimulationError
from reporting.simulator.market.day_tape import DayTape, Markets, market_data_rows
from reporting.simulator.market.listing import PAYOUT, Listing
from reporting.simulator.market.records import event_record, market_record, series_record, times
from reporting.simulator.market.trade_lines import add_trades
from reporting.simulator.market.trades import Trades
from reporting.simulator.market.trading import CHUNK, Market, day_trades
from reporting.simulator.market.universe import (
    Universe,
    VenueEvent,
    check_trades,
    copies_for,
)
from reporting.simulator.schedules import schedules_from
from reporting.simulator.summary import DayCount

_RESULT = {PAYOUT: "yes", 0: "no"}


class VenueRun:
    """One simulated venue."""

    def __init__(
        self,
        out: Path,
        days: int,
        accounts: int,
        trades: int,
        seed: int,
        start: date,
        errors: bool,
        compress: bool,
        intraday: bool = False,
        shock: bool = False,
    ) -> None:
        if intraday and trades > CHUNK:
            raise SimulationError(f"trades: {trades} a day is too many for cycles; at most {CHUNK}")
        self._intraday = intraday
        self._days = [start + timedelta(days=n) for n in range(days)]
        self._trades, self._seed = trades, seed
        copies = copies_for(trades)
        check_trades(trades, copies, self._days)
        self._drop = DropFolder(out, compress)
        self._listing = Listing()
        schedule = schedules_from(start)[-1]
        self._universe = Universe(self._listing, copies, seed, start, days, schedule)
        self._markets = Markets()
        roster = make_roster(accounts, seed, self._universe.linkable())
        self._record = shock_record()
        self._default = None
        if shock:
            shock_day = self._days[-1 - self._record.days_before_end]
            self._default = Default(self._record, roster, seed, shock_day)
        self._injector = None
        if errors:
            self._injector = Injector(
                days,
                seed,
                self._listing.tickers,
                roster.account_ids,
                roster.ample,
                self._days.index(self._default.shock_day) - 1 if self._default else None,
            )
        self._house = ClearingHouse(
            self._drop,
            roster,
            self._listing,
            start,
            seed,
            self._injector,
            Flow(roster, self._listing, self._record.sector, seed),
            self._default,
        )
        self._to_amend: list[Settlement] = []
        self.files = 0
        self.shock_day = self._default.shock_day if self._default else None
        self.told: dict | None = None

    def run(self, progress: Callable[[str], None]) -> tuple[list[DayCount], list[InjectedError]]:
        """Simulate every day."""
        counts = []
        for index, day in enumerate(self._days):
            counts.append(self._day(day, index))
            progress(f"{day} {counts[-1].trades:,} trades")
        self.files = self._drop.files
        self.told = self._default.told if self._default else None
        return counts, self._injector.errors if self._injector else []

    def _day(self, day: date, index: int) -> DayCount:
        rng = np.random.default_rng([self._seed, 7, index])
        opened = self._universe.open_day(day)
        self._markets.grow(len(self._listing.tickers))
        self._reprice(day)
        self._write_terms(day, index, opened)
        markets = self._markets
        if self._intraday:
            tape, previous, settlements, outcomes = self._trade_by_cycles(day, index, rng)
        else:
            tape = self._trade(day, index, rng)
            previous = self._mark(day, tape)
            settlements, outcomes = self._settlements(day)
        traded = tape.volume > 0
        open_interest = self._house.open_interest()
        records = [market for event in opened for market in self._listed(event, open_interest)]
        records += self._final_records(settlements, open_interest)
        self._drop.write_records(day, "markets", records, synthetic=True)
        gone = {settlement.market for settlement in settlements}
        still_open = self._still_open(gone)
        self._house.close_day(DayClose(markets.mark, previous, traded, still_open, settlements))
        self._write_market_data(day, tape, open_interest, gone)
        self._to_amend = outcomes
        return DayCount(day, tape.trades, int(tape.volume.sum()))

    def _reprice(self, day: date) -> None:
        """On the shock day a sector's prices move against those who hold one side of it."""
        if self._default is None or day != self._default.shock_day:
            return
        moved = repricing(
            self._record,
            self._universe.live,
            self._house.standing(),
            self._markets.mark,
            clock.new_york(day) // clock.MICROS,
        )
        moved.apply()
        self._default.told["severity"] = moved.severity
        self._default.told["repriced_events"] = [event.event.ticker for event, _ in moved.events]

    def _with_auction(self, day: date, trades: Trades, sides: Sides) -> tuple[Trades, Sides]:
        """The day's trades with those of a default auction among them, in order of time."""
        trading = [market.number for market in self._trading(day)]
        sold = self._house.auction(self._markets.mark, np.array(trading, np.int64))
        if sold is None:
            return trades, sides
        order = np.argsort(np.concatenate([trades.micros, sold[0].micros]), kind="stable")
        return joined(trades, sold[0], order), joined(sides, sold[1], order)

    def _mark(self, day: date, tape: DayTape) -> np.ndarray:
        """Take over the marks of the day's end; returns those before."""
        markets = self._markets
        previous, markets.mark = markets.mark, self._house.marks.close_day(clock.new_york(day, 24))
        markets.volume += tape.volume
        return previous

    def _new_tape(self) -> DayTape:
        count = len(self._listing.tickers)
        return DayTape(np.zeros(count, np.int64), np.zeros(count, np.int64), np.full(count, PAYOUT))

    def _trade_by_cycles(
        self, day: date, index: int, rng: np.random.Generator
    ) -> tuple[DayTape, np.ndarray, list[Settlement], list[Settlement]]:
        """Trade the day in three parts, with a cycle after each of the first two.

        Returns the end-of-day tape, previous marks, settlements, and settlements to amend.
        """
        house, tape = self._house, self._new_tape()
        house.open_day(day, index, INTRADAY[0])
        (trades,) = day_trades(rng, self._trades, self._trading(day))
        trades, sides = self._with_auction(day, *house.draw(trades))
        tape.take(trades)
        previous = self._markets.mark
        self._markets.mark = house.marks.preview(trades, clock.new_york(day, 24))
        settlements, outcomes = self._settlements(day)
        self._markets.mark, ends = previous, (*INTRADAY[1:], END_OF_DAY)
        cells = text.table(self._listing.tickers)
        shocked = self._new_tape()
        for (cycle, mask), following in zip(parts_of(day, trades), (*ends, ""), strict=True):
            part, of_part = rows_of(trades, mask), rows_of(sides, mask)
            if cycle == INTRADAY[0]:
                quiet = house.marks.preview(part, clock.cycle(day, cycle))
                market = self._cycle_market(day, cycle, quiet, previous, settlements)
                part = house.shock(part, of_part, market)
            shocked.take(part)
            with self._drop.open(day, "trades", "ndjson", synthetic=True, cycle=cycle) as file:
                add_trades(file, part, cells)
            house.book(part, of_part)
            if cycle != END_OF_DAY:
                marks = house.marks.at(clock.cycle(day, cycle))
                market = self._cycle_market(day, cycle, marks, previous, settlements)
                house.close_cycle(market, following)
        self._mark(day, shocked)
        return shocked, previous, settlements, outcomes

    def _cycle_market(
        self,
        day: date,
        cycle: str,
        marks: np.ndarray,
        previous: np.ndarray,
        settlements: list[Settlement],
    ) -> CycleMarket:
        now = clock.cycle(day, cycle)
        settled = [s for s in settlements if s.settled_micros <= now]
        return CycleMarket(
            cycle,
            marks,
            previous,
            [(s.market, s.value) for s in settled],
            [settlement_row(s, self._listing.tickers) for s in settled],
            self._still_open({s.market for s in settled}),
        )

    def _still_open(self, settled: set[int]) -> np.ndarray:
        """Numbers of the markets that are listed and not settled."""
        numbers = [n for event in self._universe.live for n in event.markets if n not in settled]
        return np.array(numbers, np.int64)

    def _trade(self, day: date, index: int, rng: np.random.Generator) -> DayTape:
        """Trade the day through, chunk by chunk, into both feeds."""
        tape = self._new_tape()
        cells = text.table(self._listing.tickers)
        self._house.open_day(day, index)
        with self._drop.open(day, "trades", "ndjson", synthetic=True) as file:
            for part, drawn in enumerate(day_trades(rng, self._trades, self._trading(day))):
                trades, sides = self._house.draw(drawn)
                if part == 0:
                    trades, sides = self._with_auction(day, trades, sides)
                tape.take(trades)
                self._house.book(trades, sides)
                add_trades(file, trades, cells)
        return tape

    def _trading(self, day: date) -> list[Market]:
        markets = []
        for event in self._universe.live:
            window = event.window(day)
            if window is None:
                continue
            for place, number in enumerate(event.markets):
                draw = np.random.default_rng([self._seed, 8, number])
                markets.append(
                    Market(
                        number,
                        event.product.traded * float(draw.lognormal(0.0, 1.0)),
                        *window,
                        int(event.path.opening[place]),
                        int(event.path.closing[place]),
                        event.product.largest,
                    )
                )
        return markets

    def _settlements(self, day: date) -> tuple[list[Settlement], list[Settlement]]:
        """Today's settlements and amendments, and the settlements to amend tomorrow."""
        settlements, to_amend = [], []
        for event in self._universe.live:
            if event.settles != day:
                continue
            word, values = self._universe.payouts(event, self._markets.mark)
            for number, value in zip(event.markets, values.tolist(), strict=True):
                result = word or _RESULT.get(value, "scalar")
                settlements.append(Settlement(number, result, value, event.settle_micros()))
                if event.ended:
                    self._markets.record[number] |= times(event)
            if self._universe.is_amended(event):
                to_amend += settlements[-event.event.market_count :]
        for wrong in self._to_amend:
            right = PAYOUT - wrong.value
            at = clock.new_york(day, 11)
            settlements.append(Settlement(wrong.market, _RESULT[right], right, at, 1, wrong.value))
        return settlements, to_amend

    def _listed(self, event: VenueEvent, interest: np.ndarray) -> list[dict]:
        """Records of new markets as the day that listed them ends; kept until they settle."""
        records = []
        for place, number in enumerate(event.markets):
            record = market_record(event, place, self._listing.tickers[number])
            self._add_statistics(record, number, interest)
            self._markets.record[number] = record
            records.append(record)
        return records

    def _add_statistics(self, record: dict, number: int, interest: np.ndarray) -> None:
        """Set the figures that follow from trading: last price, open interest, volume so far."""
        record["last_price_dollars"] = text.dollars(max(0, int(self._markets.mark[number])))
        record["open_interest_fp"] = text.hundredths(interest[number])
        record["volume_fp"] = text.hundredths(self._markets.volume[number])

    def _final_records(self, settlements: list[Settlement], interest: np.ndarray) -> list[dict]:
        records = []
        for settlement in settlements:
            number = settlement.market
            record = dict(self._markets.record[number])
            record["status"] = "amended" if settlement.revision else "finalized"
            record["result"] = settlement.result
            record["settlement_value_dollars"] = text.dollars(settlement.value)
            if not settlement.revision:
                self._add_statistics(record, number, interest)
            self._markets.record[number] = record
            records.append(record)
        return records

    def _write_terms(self, day: date, index: int, opened: list[VenueEvent]) -> None:
        series = [series_record(product) for product in self._universe.products]
        events = [event_record(event) for event in opened]
        # While the day is run in parts, its terms come with the first.
        cycle = INTRADAY[0] if self._intraday else END_OF_DAY
        fields = {"synthetic": True, "cycle": cycle}
        self._drop.write_records(day, "series", series if index == 0 else [], **fields)
        self._drop.write_records(day, "events", events, **fields)
        if self._intraday:
            records = [
                market_record(event, place, self._listing.tickers[number])
                for event in opened
                for place, number in enumerate(event.markets)
            ]
            self._drop.write_records(day, "markets", records, **fields)

    def _write_market_data(
        self, day: date, tape: DayTape, interest: np.ndarray, gone: set[int]
    ) -> None:
        """The public daily file of the day's live markets: an array of records."""
        rows = market_data_rows(
            day, self._universe.live, self._listing.tickers, self._markets, tape, interest, gone
        )
        with self._drop.open(day, "market_data", "json", synthetic=True) as file:
            file.add(json.dumps(rows, indent=0).encode() + b"\n", len(rows))
