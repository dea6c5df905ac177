"""A slow second opinion on a simulated venue: dictionaries, ``Decimal`` and closed forms.

It reads only the files. It shares no code with the simulator, whose margin enumerates
states; here the worst case comes from the formulas of margin-model.md, section 1. Scenarios
are not repeated here: the core is bounded by what needs none.
"""

import itertools
import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from . import drop_reader

CENTICENT = Decimal("0.0001")
_COLUMNS = (
    "worst_case_centicents",
    "core_centicents",
    "add_ons_centicents",
    "initial_margin_centicents",
    "maintenance_margin_centicents",
)


@dataclass
class PlainMargin:
    """Centicents: worst case, of it the fully collateralised part, what the core is at least,

    and the core itself where every margined position is ramped in full (else None).
    """

    worst: int
    full: int
    least: int
    core: int | None
    maintenance_bps: int

    def faults(self, row: dict[str, str]) -> set[str]:
        """Columns of a margin row that cannot be right."""
        worst, core, extra, initial, kept = (int(row[name]) for name in _COLUMNS)
        found = set()
        if worst != self.worst:
            found.add("worst_case_centicents")
        # Of a model with consistent prices no scenario is worse than the worst case; that of
        # combinations is less than their scenarios know.
        if core < self.least or (self.core is not None and core != self.core):
            found.add("core_centicents")
        if extra < 0 or (extra and worst == self.full and core == self.full):
            found.add("add_ons_centicents")
        # Rounded up once, not part by part.
        margined = min(worst, core + extra) - self.full
        if not margined - 1 <= initial - self.full <= margined:
            found.add("initial_margin_centicents")
        if kept != -(-initial * self.maintenance_bps // 10_000):
            found.add("maintenance_margin_centicents")
        return found


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

    def margin(self, folder: Path) -> dict[str, "PlainMargin"]:
        """Worst case per account, and what its core cannot be below."""
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

    def _account(self, events, linked, schedule, folder) -> "PlainMargin":
        worst = {kind: Decimal(0) for kind in ("margined", "fully_collateralised")}
        ramped, near = Decimal(0), True
        jump: dict[str, Decimal] = defaultdict(Decimal)
        for (kind, event), held in events.items():
            loss = max(Decimal(0), self._worst(event, held))
            worst[kind] += loss
            if kind == "margined":
                weight = self._weight(event, linked, schedule, folder)
                sudden = self._may_resolve(event, schedule, folder)
                near &= weight == 1 and sudden
                jump[self._cluster(event, schedule)] += loss if sudden else 0
                ramped += (weight * loss * 1_000_000).to_integral_value(ROUND_CEILING) / 1_000_000
        for kind, credit, groups_events in self._credits(events):
            worst[kind] -= credit
            if kind == "margined":
                # All of a combination and its legs resolve at once and may do so at any time.
                (cluster,) = {self._cluster(event, schedule) for event in groups_events}
                jump[cluster] -= credit
                least = min(self._weight(e, linked, schedule, folder) for e in groups_events)
                ramped -= (least * credit * 1_000_000).to_integral_value(ROUND_FLOOR) / 1_000_000
        margined, full = (max(Decimal(0), amount) for amount in worst.values())
        floor = margined * schedule["core_floor_bps"] / 10_000
        least = max(0, *jump.values(), floor) if jump else floor
        return PlainMargin(
            worst=_up(margined) + _up(full),
            full=_up(full),
            least=_up(least) + _up(full),
            core=_up(max(ramped, least)) + _up(full) if near else None,
            maintenance_bps=schedule["maintenance_bps"],
        )

    def _credits(self, events) -> list[tuple[str, Decimal, list[str]]]:
        """Credit of every combination with its legs: kind of book, amount, events held.

        A combination of this venue has two legs in events of which one market wins, and no
        two combinations share an event.
        """
        found = []
        for (kind, event), held in events.items():
            row = next(m for m in self.markets.values() if m["event_ticker"] == event)
            legs = {e["event_ticker"]: e["market_ticker"] for e in row.get("mve_selected_legs", [])}
            books = {leg: events.get((kind, leg), {}) for leg in legs}
            if not any(books.values()):
                continue
            winners = [
                [m["ticker"] for m in self.markets.values() if m["event_ticker"] == leg]
                for leg in legs
            ]
            quantity = {row["ticker"]: held[row["ticker"]]}
            for book in books.values():
                quantity |= book
            paid = sum(q * self.marks[ticker] for ticker, q in quantity.items())
            gains = []
            for pair in itertools.product(*winners):
                won = set(pair) | ({row["ticker"]} if set(pair) == set(legs.values()) else set())
                gains.append(sum(q for ticker, q in quantity.items() if ticker in won) - paid)
            touched = [event] + [leg for leg, book in books.items() if book]
            worst = {e: self._worst(e, events[kind, e]) for e in touched}
            alone = sum(max(Decimal(0), loss) for loss in worst.values())
            sure = sum(max(Decimal(0), -loss) for e, loss in worst.items() if e != event)
            joint = min(alone, max(Decimal(0), sure - min(gains)))
            found.append((kind, alone - joint, touched))
        return found

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
        if "fair market price" in rules:
            # The band of every schedule of the venue is ten cents.
            off = Decimal("0.1")
            worst = max(
                worst,
                sum(
                    abs(q) * min(off, self.marks[t] if q > 0 else 1 - self.marks[t])
                    for t, q in held.items()
                ),
            )
        return worst

    def _ends(self, event: str) -> datetime:
        row = next(m for m in self.markets.values() if m["event_ticker"] == event)
        early = row["can_close_early"]
        return datetime.fromisoformat(
            row["close_time" if early else "expected_expiration_time"]
        ).astimezone(UTC)

    def _cluster(self, event: str, schedule: dict) -> str:
        series = self.events[event]["series_ticker"]
        return f"{schedule['clusters'].get(series, series)}@{self._ends(event).date()}"

    def _may_resolve(self, event: str, schedule: dict, folder: Path) -> bool:
        """Whether the event may resolve in any of its states within the liquidation period."""
        row = next(m for m in self.markets.values() if m["event_ticker"] == event)
        if self._ends(event) <= _cycle(folder) + timedelta(days=self._days(event, schedule)):
            return True
        words = self.events[event]["title"].lower().split()
        return row["can_close_early"] and not {"by", "before"} & set(words)

    def _days(self, event: str, schedule: dict) -> int:
        classes, category = schedule["legal_class"], self.events[event]["category"]
        return schedule["liquidation_days"][classes.get(category, classes["default"])]

    def _weight(self, event: str, linked: set[str], schedule: dict, folder: Path) -> Decimal:
        if linked & {event, self.events[event]["series_ticker"]}:
            return Decimal(1)
        left = Decimal(int((self._ends(event) - _cycle(folder)).total_seconds()))
        left -= 86_400 * self._days(event, schedule)
        first, last = schedule["ramp_tau0_seconds"], schedule["ramp_tau1_seconds"]
        return min(Decimal(1), max(Decimal(0), (last - left) / (last - first)))

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
    if "at_least" in terms:
        ranked, winners = sorted(quantity), terms["at_least"]
        return [sum(ranked[:winners]) + sum(q for q in ranked[winners:] if q < 0)]
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
