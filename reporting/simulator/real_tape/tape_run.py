"""Form (b): a real tape re-packed by business date, with a synthetic clearing side.

Trade records go out untouched. A tape holds only the last record of each market, so the
record of its listing is derived from that one (``_as_listed``) and the last record
itself goes out on the day the market settles.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np

from reporting.simulator import clock, text
from reporting.simulator.clearing_house.clearing import ClearingHouse
from reporting.simulator.clearing_house.close import DayClose, Settlement
from reporting.simulator.clearing_house.injected_errors import InjectedError
from reporting.simulator.clearing_house.injection import Injector
from reporting.simulator.clearing_house.roster import make_roster
from reporting.simulator.drop import DropFolder, json_line
from reporting.simulator.market.listing import PAYOUT, Listing, happens_by
from reporting.simulator.market.trades import Trades
from reporting.simulator.real_tape.tape import Tape, TapeEvent
from reporting.simulator.real_tape.tape_structure import legs_of, outcomes_of
from reporting.simulator.risk_series import COLUMNS, UNIT, Close, known_since
from reporting.simulator.summary import DayCount

_ACTIVITY = (
    "yes_bid",
    "yes_ask",
    "no_bid",
    "no_ask",
    "last_price",
    "previous_yes_bid",
    "previous_yes_ask",
    "previous_price",
    "volume",
    "volume_24h",
    "liquidity",
    "open_interest",
)


@dataclass
class _Life:
    """When a market is listed and when its last record comes; when and how it settles."""

    listed: date
    final: date
    settled: date | None = None
    settled_micros: int = 0
    result: str = ""
    value: int = 0


class TapeRun:
    """One re-packing of a tape."""

    def __init__(self, tape: Tape, out: Path, compress: bool, closes: Sequence[Close] = ()) -> None:
        self._tape = tape
        self._closes = list(closes)
        self._drop = DropFolder(out, compress)
        self._listing = Listing()
        self._lives: dict[str, _Life] = {}
        traded = sorted(tape.trades)
        self._first_trade_day, self._last_trade_day = traded[0], traded[-1]
        for event in tape.events:
            for record in event.markets:
                self._lives[record["ticker"]] = self._life(event, record)
        ends = [life.final for life in self._lives.values()]
        starts = [life.listed for life in self._lives.values()]
        self.days = clock.days_between(min([*starts, *traded]), max([*ends, *traded]))
        self.files = 0

    def public_at_once(self) -> list[DayCount]:
        """The market side in one drop, on the last date, marked as history."""
        day = self.days[-1]
        events = [event.record for event in self._tape.events if event.record is not None]
        markets = [record for event in self._tape.events for record in event.markets]
        options = {"synthetic": False, "history": True}
        self._drop.write_records(day, "series", [], **options)
        self._drop.write_records(day, "events", events, **options)
        self._drop.write_records(day, "markets", markets, **options)
        every = [record for d in sorted(self._tape.trades) for record in self._tape.trades[d]]
        self._write_trades(day, every, history=True)
        self.files = self._drop.files
        return [_count(d, self._tape.trades[d]) for d in sorted(self._tape.trades)]

    def daily(
        self,
        accounts: int | None,
        seed: int,
        errors: bool,
        progress: Callable[[str], None],
    ) -> tuple[list[DayCount], list[InjectedError]]:
        """Every business date; ``accounts`` None leaves the clearing side out."""
        house, injector = None, None
        self._register()
        if accounts is not None:
            events = [event for event in self._listing.events if event.series]
            linkable = sorted({event.series for event in events})[:5]
            linkable += [event.ticker for event in events[len(events) // 2 :][:1]]
            roster = make_roster(accounts, seed, linkable)
            if errors:
                injector = Injector(
                    len(self.days),
                    seed,
                    self._listing.tickers,
                    roster.account_ids,
                    roster.ample,
                )
            house = ClearingHouse(self._drop, roster, self._listing, self.days[0], seed, injector)
        marks = np.full(len(self._listing.tickers), -1, np.int64)
        counts = []
        for index, day in enumerate(self.days):
            records = self._tape.trades.get(day, [])
            self._public_day(day, records)
            self._risk_day(day)
            if house is not None:
                marks = self._clearing_day(house, day, index, records, marks)
            counts.append(_count(day, records))
            progress(f"{day} {len(records):,} trades")
        self.files = self._drop.files
        return counts, injector.errors if injector else []

    def _life(self, event: TapeEvent, record: dict) -> _Life:
        """Listing and settlement day of a market from its last record."""
        last_trade = self._tape.last_trade.get(record["ticker"])
        if "open_time" not in record:
            return self._life_without_times(event)
        expected = record.get("expected_expiration_time") or record["close_time"]
        final, micros = clock.business_date(expected), clock.parse_utc(expected)
        if last_trade is not None and clock.business_date(last_trade) > final:
            final, micros = clock.business_date(last_trade), clock.parse_utc(last_trade)
        life = _Life(clock.business_date(record["open_time"]), final)
        value = _settlement_value(record)
        if record["status"] == "finalized" and value is not None:
            life.settled, life.settled_micros, life.result = final, micros, record["result"]
            life.value = value
        return life

    def _life_without_times(self, event: TapeEvent) -> _Life:
        """The event's first and last trade day, where the tape states no times.

        Such a market never settles: its result is not on the tape either.
        """
        tickers = [record["ticker"] for record in event.markets]
        firsts = [self._tape.first_trade[t] for t in tickers if t in self._tape.first_trade]
        lasts = [self._tape.last_trade[t] for t in tickers if t in self._tape.last_trade]
        if not firsts:
            return _Life(self._first_trade_day, self._first_trade_day)
        return _Life(
            min(clock.business_date(moment) for moment in firsts),
            max(clock.business_date(moment) for moment in lasts),
        )

    def _register(self) -> None:
        for event in self._tape.events:
            outcomes, record = outcomes_of(event.record, event.markets), event.record or {}
            title = record.get("title") or event.markets[0].get("title") or ""
            early = [bool(market.get("can_close_early")) for market in event.markets]
            self._listing.add(
                event.ticker,
                record.get("series_ticker") or "",
                outcomes.structure,
                [market["ticker"] for market in event.markets],
                outcomes.payoffs,
                _resolution_seconds(event.markets),
                category=record.get("category") or "",
                void_in_payoffs=outcomes.void_in_payoffs,
                void_at_mark=outcomes.void_at_mark,
                separate=outcomes.separate,
                early=any(early),
                happens_by=happens_by(outcomes.structure, title, all(early)),
                legs=legs_of(event.markets),
            )
        # A traded ticker without metadata is margined alone; nothing is known of its terms.
        for ticker in sorted(set(self._tape.last_trade) - set(self._lives)):
            self._listing.add(ticker, "", "unknown", [ticker], np.array([[0, PAYOUT]]), None)
        self._number = {ticker: n for n, ticker in enumerate(self._listing.tickers)}
        self._lives_by_number = [self._lives.get(ticker) for ticker in self._listing.tickers]

    def _public_day(self, day: date, records: list[dict]) -> None:
        events, markets = [], []
        for event in self._tape.events:
            lives = [self._lives[record["ticker"]] for record in event.markets]
            if event.record is not None and min(life.listed for life in lives) == day:
                events.append(event.record)
            for record, life in zip(event.markets, lives, strict=True):
                if life.final == day:
                    markets.append(record)
                elif life.listed == day:
                    markets.append(_as_listed(record))
        self._drop.write_records(day, "series", [], synthetic=False)
        self._drop.write_records(day, "events", events, synthetic=False)
        self._drop.write_records(day, "markets", markets, synthetic=False)
        self._write_trades(day, records, history=False)

    def _risk_day(self, day: date) -> None:
        known = known_since(self._closes, self.days[0], day)
        if known:
            rows = ((close.series_id, close.day, close.value, UNIT) for close in known)
            self._drop.write_published(day, "benchmarks", COLUMNS, rows)

    def _write_trades(self, day: date, records: list[dict], history: bool) -> None:
        with self._drop.open(day, "trades", "ndjson", synthetic=False, history=history) as file:
            for start in range(0, max(1, len(records)), 10_000):
                batch = records[start : start + 10_000]
                total = Decimal(sum(int(record["count"]) for record in batch))
                file.add(b"".join(map(json_line, batch)), len(batch), {"count": total})

    def _clearing_day(
        self, house: ClearingHouse, day: date, index: int, records: list[dict], marks: np.ndarray
    ) -> np.ndarray:
        house.open_day(day, index)
        trades = self._columns(records)
        if len(trades):
            house.take(trades)
        previous, marks = marks, house.marks.close_day(clock.new_york(day, 24))
        traded = np.zeros(len(marks), bool)
        traded[trades.market] = True
        lives = list(enumerate(self._lives_by_number))
        settlements = [
            Settlement(n, life.result, life.value, life.settled_micros)
            for n, life in lives
            if life is not None and life.settled == day
        ]
        still_open = [
            n
            for n, life in lives
            if life is None or (life.listed <= day and (life.settled is None or life.settled > day))
        ]
        house.close_day(
            DayClose(marks, previous, traded, np.array(still_open, np.int64), settlements)
        )
        return marks

    def _columns(self, records: list[dict]) -> Trades:
        market = np.array([self._number[r["ticker"]] for r in records], np.int64)
        return Trades(
            ids=text.table([r["trade_id"] for r in records]),
            market=market,
            quantity=np.array([int(r["count"]) * 100 for r in records], np.int64),
            price=np.array([int(r["yes_price"]) * 100 for r in records], np.int64),
            taker_yes=np.array([r["taker_side"] == "yes" for r in records], bool),
            micros=np.array([clock.parse_utc(r["created_time"]) for r in records], np.int64),
        )


def _as_listed(record: dict) -> dict:
    """The record as it must have looked at listing: DERIVED from the tape's last record.

    Terms stay; everything that later trading and the outcome filled in is emptied.
    """
    listed = dict(record)
    listed["status"] = "active"
    for name in ("result", "expiration_value"):
        if name in listed:
            listed[name] = ""
    for name in _ACTIVITY:
        if name in listed:
            listed[name] = 0
    listed.pop("settlement_value", None)
    return listed


def _settlement_value(record: dict) -> int | None:
    """What one YES pays, centicents; None when the record does not say.

    The tape gives it in cents where the result alone does not.
    """
    plain = {"yes": PAYOUT, "no": 0}.get(record.get("result") or "")
    cents = record.get("settlement_value")
    if plain is None and record.get("result") in ("scalar", "void") and cents is not None:
        return int(Decimal(str(cents)) * 100)
    return plain


def _resolution_seconds(markets: list[dict]) -> int | None:
    """Earliest resolution over the event's markets; None when one of them states no time."""
    times = []
    for record in markets:
        close, expected = (
            clock.parse_utc(record[name]) // clock.MICROS if record.get(name) else None
            for name in ("close_time", "expected_expiration_time")
        )
        stated = [moment for moment in (expected, close) if moment is not None]
        if not stated:
            return None
        times.append(min(stated) if record.get("can_close_early") else stated[0])
    return min(times)


def _count(day: date, records: list[dict]) -> DayCount:
    return DayCount(day, len(records), 100 * sum(int(record["count"]) for record in records))
