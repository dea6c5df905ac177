"""A slow second opinion on a simulated venue: dictionaries, ``Decimal`` and closed forms.

It reads only the files. It shares no code with the simulator, whose margin enumerates
states; here the worst case comes from the formulas of margin-model.md, section 1.
"""

import itertools
import json
from collections import defaultdict
from datetime import date, datetime, timedelta
from decimal import ROUND_CEILING, ROUND_HALF_EVEN, Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from . import drop_reader

CENTICENT = Decimal("0.0001")


class PlainVenue:
    """State carried from day to day: terms, marks and positions."""

    def __init__(self) -> None:
        self.markets: dict[str, dict] = {}
        self.events: dict[str, dict] = {}
        self.series: dict[str, dict] = {}
        self.marks: dict[str, Decimal] = {}
        self.positions: dict[tuple[str, str, str], Decimal] = {}
        self.settled: dict[tuple[str, str, str], Decimal] = {}
        self.settled_value: dict[str, Decimal] = {}

    def day(self, folder: Path) -> None:
        """Take one day in; afterwards ``positions``, ``variation`` and ``fees`` hold."""
        for row in drop_reader.rows(folder, "markets"):
            self.markets[row["ticker"]] = row
        for row in drop_reader.rows(folder, "events"):
            self.events[row["event_ticker"]] = row
        for row in drop_reader.rows(folder, "series"):
            self.series[row["ticker"]] = row
        trades = {row["trade_id"]: row for row in drop_reader.rows(folder, "trades")}
        before, marks_before = dict(self.positions), dict(self.marks)
        for row in sorted(trades.values(), key=_time_and_id):
            self.marks[row["ticker"]] = Decimal(row["yes_price_dollars"])
        cash: dict[str, Decimal] = defaultdict(Decimal)
        self.fees: dict[str, Decimal] = defaultdict(Decimal)
        for side in drop_reader.rows(folder, "trade_audit"):
            ticker = trades[side["trade_id"]]["ticker"]
            account, price = side["account_id"], Decimal(side["price"])
            qty = Decimal(side["quantity"]) * (1 if side["side"] == "yes" else -1)
            key = account, ticker, side["collateralisation"]
            self.positions[key] = self.positions.get(key, Decimal(0)) + qty
            cash[account] -= qty * price
            self.fees[account] += self._fee(ticker, abs(qty), price, side["role"])
        value = dict(self.marks)
        amended = []
        for row in drop_reader.rows(folder, "settlement_periods"):
            if int(row["revision"]):
                amended.append((row["ticker"], Decimal(row["settlement_value"])))
            else:
                value[row["ticker"]] = Decimal(row["settlement_value"])
        for (account, ticker, _), qty in self.positions.items():
            cash[account] += qty * value[ticker]
        for (account, ticker, _), qty in before.items():
            cash[account] -= qty * marks_before[ticker]
        for ticker, right in amended:
            change = right - self.settled_value[ticker]
            for (account, held, _), qty in self.settled.items():
                cash[account] += qty * change if held == ticker else 0
        self.variation = cash
        gone = {row["ticker"] for row in drop_reader.rows(folder, "settlement_periods")}
        self.settled = {key: q for key, q in self.positions.items() if key[1] in gone}
        self.settled_value = {ticker: value[ticker] for ticker in gone if ticker in value}
        self.positions = {
            key: qty for key, qty in self.positions.items() if qty and key[1] not in gone
        }

    def margin(self, folder: Path) -> dict[str, dict[str, int]]:
        """Margin per account in centicents, as the contract's columns name it."""
        schedule = self._schedule(folder)
        linked = {
            row["account_id"]: set(row["linked_events"].split(";"))
            for row in drop_reader.rows(folder, "accounts")
        }
        books: dict = defaultdict(lambda: defaultdict(dict))
        for (account, ticker, kind), qty in self.positions.items():
            books[account][kind, self.markets[ticker]["event_ticker"]][ticker] = qty
        return {
            account: self._account(events, linked[account], schedule, folder)
            for account, events in books.items()
        }

    def _account(self, events, linked, schedule, folder) -> dict[str, int]:
        full = worst = ramped = jump = Decimal(0)
        for (kind, event), held in events.items():
            loss = self._worst(event, held)
            if kind == "fully_collateralised":
                full += loss
                continue
            worst, jump = worst + loss, max(jump, loss)
            tied = linked & {event, self.events[event]["series_ticker"]}
            ramped += loss if tied else self._ramp(event, loss, schedule, folder)
        core = max(ramped, jump, worst * schedule["core_floor_bps"] / 10_000)
        initial = _up(min(worst, core)) + _up(full)
        return {
            "worst_case_centicents": _up(worst) + _up(full),
            "core_centicents": _up(core) + _up(full),
            "initial_margin_centicents": initial,
            "maintenance_margin_centicents": -(-initial * schedule["maintenance_bps"] // 10_000),
        }

    def _worst(self, event: str, held: dict[str, Decimal]) -> Decimal:
        rows = [m for m in self.markets.values() if m["event_ticker"] == event]
        quantity = [held.get(row["ticker"], Decimal(0)) for row in rows]
        paid = sum(q * self.marks[ticker] for ticker, q in held.items())
        worst = paid - min(_payouts(self.events[event], rows, quantity))
        rules = rows[0]["rules_secondary"]
        if "50/50" in rules:
            worst = max(worst, paid - sum(quantity) / 2)
        if "last traded price" in rules:
            worst = max(worst, Decimal(0))
        return worst

    def _ramp(self, event: str, loss: Decimal, schedule: dict, folder: Path) -> Decimal:
        row = next(m for m in self.markets.values() if m["event_ticker"] == event)
        early = row["can_close_early"]
        ends = datetime.fromisoformat(row["close_time" if early else "expected_expiration_time"])
        left = Decimal(int((ends - _cycle(folder)).total_seconds()))
        classes, category = schedule["legal_class"], self.events[event]["category"]
        legal_class = classes.get(category, classes["default"])
        period = 86_400 * schedule["liquidation_days"][legal_class]
        first = period + schedule["ramp_tau0_seconds"]
        last = period + schedule["ramp_tau1_seconds"]
        if left <= first:
            return loss
        if left >= last:
            return Decimal(0)
        exact = loss * 1_000_000 * (last - left) / (last - first)
        return exact.to_integral_value(ROUND_CEILING) / 1_000_000

    def _schedule(self, folder: Path) -> dict:
        rows = drop_reader.rows(folder, "margin_schedule")
        in_force = [row for row in rows if row["effective_date"] <= folder.name]
        latest = max(in_force, key=_date_and_version)
        return json.loads(latest["parameters"])

    def _fee(self, ticker: str, count: Decimal, price: Decimal, role: str) -> Decimal:
        event = self.events[self.markets[ticker]["event_ticker"]]
        series = self.series[event["series_ticker"]]
        rate = Decimal("0.07") if role == "taker" else Decimal(0)
        if role == "maker" and series["fee_type"] == "quadratic_with_maker_fees":
            rate = Decimal("0.0175")
        if series["fee_type"] == "fee_free":
            rate = Decimal(0)
        fee = rate * Decimal(str(series["fee_multiplier"])) * count * price * (1 - price)
        return fee.quantize(CENTICENT, ROUND_CEILING)


def posted(amount: Decimal) -> int:
    """An amount in dollars posted in centicents, halves to even."""
    return int((amount / CENTICENT).to_integral_value(ROUND_HALF_EVEN))


def _payouts(event: dict, rows: list[dict], quantity: list[Decimal]) -> list[Decimal]:
    """What the position pays in the states that can be the worst."""
    count, terms = len(rows), rows[0].get("custom_strike") or {}
    if "exactly" in terms:
        return [sum(sorted(quantity)[: terms["exactly"]])]
    if "payoffs" in terms:
        table = [[Decimal(str(v)) for v in row["custom_strike"]["payoffs"]] for row in rows]
        return [
            sum(q * table[n][state] for n, q in enumerate(quantity))
            for state in range(len(table[0]))
        ]
    if count == 1:
        return [quantity[0], Decimal(0)]
    if event["mutually_exclusive"]:
        covers_all = rows[0]["strike_type"] == "less"
        return quantity if covers_all else [*quantity, Decimal(0)]
    kinds = {row["strike_type"] for row in rows}
    if kinds == {"greater"}:
        return [Decimal(0), *itertools.accumulate(quantity)]
    cuts = {row[name] for row in rows for name in ("floor_strike", "cap_strike") if name in row}
    edges = [min(cuts) - 1, *sorted(cuts), max(cuts) + 1]
    middles = [(a + b) / 2 for a, b in itertools.pairwise(edges)]
    return [
        sum(q for q, row in zip(quantity, rows, strict=True) if _covers(row, x)) for x in middles
    ]


def _covers(row: dict, x: float) -> bool:
    return row.get("floor_strike", float("-inf")) < x < row.get("cap_strike", float("inf"))


def _cycle(folder: Path) -> datetime:
    following = date.fromisoformat(folder.name) + timedelta(days=1)
    return datetime(
        following.year, following.month, following.day, tzinfo=ZoneInfo("America/New_York")
    )


def _up(amount: Decimal) -> int:
    return int((amount / CENTICENT).to_integral_value(ROUND_CEILING))


def _time_and_id(row: dict) -> tuple[datetime, str]:
    return datetime.fromisoformat(row["created_time"]), row["trade_id"]


def _date_and_version(row: dict) -> tuple[str, str]:
    return row["effective_date"], row["version"]
