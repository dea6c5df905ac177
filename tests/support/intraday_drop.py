"""A drop folder made by hand: a whole Monday, and a Tuesday that arrives in three parts.

1 and 2 June 2026, New York on daylight-saving time: the cycle of 12:00 is at 16:00 UTC. All
events are binaries that may close early. Most resolve in a century, so that news, which comes in
one lump, reaches no scenario; KXB resolves within days and does in most. Core is then the
dearest cluster, or a tenth of W.
"""

import hashlib
import json
from datetime import date
from pathlib import Path

from reporting.contract import STREAMS

MON, TUE = date(2026, 6, 1), date(2026, 6, 2)
SCHEDULE = {
    "model": "ECM-2",
    "legal_class": {"default": "future"},
    "liquidation_days": {"future": 1, "option": 1, "swap": 5},
    "swap_one_day_categories": [],
    "ramp_tau0_seconds": 8 * 3600,
    "ramp_tau1_seconds": 7 * 86_400,
    "core_floor_bps": 1000,
    "alpha_bps": 9900,
    "scenarios": 200,
    "seed": 1,
    "gap_quantile_bps": 9990,
    "rho_bps": {"default": 10000},
    "jump_rate_bps_per_day": {"default": 0},
    "lumps": {"default": 1},
    "kappa_bps": {"default": 10000},
    "v_min_bps": {"default": 5000},
    "least_observations": 60,
    "fair_price_band_centicents": {"default": 1000},
    "mark_policy": {"default": {"kind": "last_trade"}},
    "clusters": {},
    "half_spread_centicents": 0,
    "impact_bps": 0,
    "concentration_share_bps": 10000,
    "maintenance_bps": 8000,
    "haircuts_bps": {"cash": 0, "treasury": 200},
    "call_threshold_centicents": 50_000,
}
ACCOUNTS = ("ALFA", "BETA", "DELTA", "GAMMA", "LINK", "MAKER")
# KXB resolves 34 hours after the cycle of 12:00 on Tuesday and 30 after that of 16:00.
FAR = "2126-06-30T04:00:00Z"
RESOLVES = {"KXA": FAR, "KXB": "2026-06-04T02:00:00Z"}
RESOLVES |= {f"KXC{n}": FAR for n in range(1, 9)}


def ticker(series: str) -> str:
    return f"{series}-26JUN-Y"


# Trade: id, UTC time, series, contracts, dollars, buyer of YES, seller; DELTA pays in full.
MONDAY = [
    ("M1", "2026-06-01T14:00:00Z", "KXA", 100, "0.50", "ALFA", "MAKER"),
    ("M2", "2026-06-01T14:01:00Z", "KXA", 20, "0.50", "DELTA", "MAKER"),
    ("M3", "2026-06-01T14:02:00Z", "KXB", 40, "0.30", "BETA", "MAKER"),
    ("M4", "2026-06-01T14:03:00Z", "KXB", 5, "0.30", "LINK", "MAKER"),
    *(
        (f"M{4 + n}", f"2026-06-01T14:1{n}:00Z", f"KXC{n}", 10, "0.50", "GAMMA", "MAKER")
        for n in range(1, 9)
    ),
]
# The second is at the cycle itself, the third a second after it.
TUESDAY = [
    ("T1", "2026-06-02T13:00:00Z", "KXA", 10, "0.40", "MAKER", "ALFA"),
    ("T2", "2026-06-02T16:00:00Z", "KXA", 2, "0.25", "BETA", "MAKER"),
    ("T3", "2026-06-02T16:00:01Z", "KXA", 1, "0.45", "GAMMA", "MAKER"),
    ("T4", "2026-06-02T21:00:00Z", "KXA", 1, "0.60", "GAMMA", "MAKER"),
]
# Worst case, core, add-ons, initial, maintenance margin, centicents: BETA's core is a dollar low.
CHARGED = [
    ("12:00", "ALFA", 225_000, 225_000, 0, 225_000, 180_000, "V1"),
    ("12:00", "BETA", 125_000, 110_000, 0, 110_000, 88_000, "V1"),
]


class Sender:
    """Writes files with manifests, numbered by stream."""

    def __init__(self, drop: Path) -> None:
        self._drop = drop
        self._numbers: dict[str, int] = {}

    def send(self, day: date, stream: str, rows: list, as_of: str, cycle: str = "") -> Path:
        """A file of rows: dicts as lines of JSON, tuples as CSV with the contract's header."""
        self._numbers[stream] = number = self._numbers.get(stream, 0) + 1
        public = STREAMS[stream].sender == "venue"
        name = f"{stream}_{number}.{'ndjson' if public else 'csv'}"
        lines = [json.dumps(row) for row in rows] if public else [_csv(row) for row in rows]
        if not public:
            lines.insert(0, ",".join(STREAMS[stream].column_names))
        content = "".join(f"{line}\n" for line in lines).encode()
        folder = self._drop / day.isoformat()
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
        said = {
            "file": name,
            "stream": stream,
            "sender": STREAMS[stream].sender,
            "business_date": day.isoformat(),
            "sequence": number,
            "sha256": hashlib.sha256(content).hexdigest(),
            "bytes": len(content),
            "rows": len(rows),
            "as_of": as_of,
            "synthetic": True,
        }
        if cycle:
            said["cycle"] = cycle
        (folder / f"{name}.manifest.json").write_text(json.dumps(said))
        return folder / name

    def monday(self) -> None:
        """Every daily stream."""
        at = "2026-06-02T04:00:00Z"
        self._people(MON, at)
        self._trades(MON, MONDAY, at)
        self._audit(MON, MONDAY, at)
        self._terms(MON, at)
        self._closing(MON, at, {ticker(series): "0.50" for series in RESOLVES})
        cash = {"ALFA": 40, "BETA": 20, "DELTA": 10, "GAMMA": 20, "LINK": 5, "MAKER": 200}
        self._collateral(MON, cash, at)
        self.send(MON, "settlement_periods", [], at)

    def noon(self, mark: str = "0.25", charged: list[tuple] = CHARGED) -> None:
        """What has come by the cycle of 12:00: the tape is one trade ahead of the audit.

        mark: the venue's of KXA. charged: its rows of margin.
        """
        at = "2026-06-02T16:00:00Z"
        self._people(TUE, at)
        self._trades(TUE, TUESDAY[:3], at)
        self._audit(TUE, TUESDAY[:2], at)
        settled = [(ticker("KXC8"), "yes", "1.00", "2026-06-02T15:00:00Z", 0)]
        self.send(TUE, "settlement_periods", settled, at)
        self._prices(TUE, "12:00", {ticker("KXA"): mark, ticker("KXB"): "0.30"}, at)
        self.send(TUE, "margin_requirements", charged, at, "12:00")

    def afternoon(self) -> None:
        """What has come by the cycle of 16:00; ALFA has met its call."""
        at = "2026-06-02T20:00:00Z"
        self._audit(TUE, TUESDAY[2:3], at)
        cash = {"ALFA": 50, "BETA": 20, "DELTA": 10, "GAMMA": 20, "LINK": 5, "MAKER": 200}
        self._collateral(TUE, cash, "2026-06-02T19:30:00Z")
        self._prices(TUE, "16:00", {ticker("KXA"): "0.45", ticker("KXB"): "0.30"}, at)

    def evening(self) -> None:
        """The rest of Tuesday, with other collateral."""
        at = "2026-06-03T04:00:00Z"
        self._trades(TUE, TUESDAY[3:], at)
        self._audit(TUE, TUESDAY[3:], at)
        self._terms(TUE, at)
        marks = {ticker(series): "0.50" for series in RESOLVES} | {ticker("KXA"): "0.60"}
        self._closing(TUE, at, marks)
        self._collateral(TUE, {"ALFA": 1, "MAKER": 1}, at)

    def _people(self, day: date, at: str) -> None:
        self.send(day, "members", [("MEM", "Member", "", "G", "both", "active")], at)
        rows = [
            (name, "MEM", "customer", "house", "", "", "KXB" if name == "LINK" else "", "true")
            for name in ACCOUNTS
        ]
        self.send(day, "accounts", rows, at)

    def _trades(self, day: date, trades: list[tuple], at: str) -> None:
        rows = [
            {
                "trade_id": trade_id,
                "ticker": ticker(series),
                "created_time": time,
                "taker_side": "yes",
                "count_fp": f"{contracts}.00",
                "yes_price_dollars": price,
                "no_price_dollars": f"{1 - float(price):.2f}",
            }
            for trade_id, time, series, contracts, price, _, _ in trades
        ]
        self.send(day, "trades", rows, at)

    def _audit(self, day: date, trades: list[tuple], at: str) -> None:
        rows = [
            (trade_id, name, side, contracts, price, _kind(name), role)
            for trade_id, _, _, contracts, price, buyer, seller in trades
            for name, side, role in ((buyer, "yes", "taker"), (seller, "no", "maker"))
        ]
        self.send(day, "trade_audit", rows, at)

    def _terms(self, day: date, at: str) -> None:
        names = sorted(RESOLVES)
        events = [
            {"event_ticker": f"{s}-26JUN", "series_ticker": s, "title": s, "category": "Other"}
            | {"mutually_exclusive": False}
            for s in names
        ]
        markets = [
            {
                "ticker": ticker(series),
                "event_ticker": f"{series}-26JUN",
                "title": series,
                "status": "active",
                "open_time": "2026-06-01T04:00:00Z",
                "close_time": RESOLVES[series],
                "expected_expiration_time": RESOLVES[series],
                "can_close_early": True,
            }
            for series in names
        ]
        self.send(day, "series", [{"ticker": s, "category": "Other"} for s in names], at)
        self.send(day, "events", events, at)
        self.send(day, "markets", markets, at)
        version = ("V1", "2026-01-01", "Committee", "first", json.dumps(SCHEDULE))
        self.send(day, "margin_schedule", [version], at)

    def _closing(self, day: date, at: str, marks: dict[str, str]) -> None:
        self._prices(day, "EOD", marks, at)
        for stream in ("position_snapshot", "margin_requirements", "obligations", "margin_calls"):
            self.send(day, stream, [], at)
        self.send(day, "guaranty_fund", [("MEM", 0, 0)], at)
        self.send(day, "resources", [(1, "CAPITAL", "own_capital", 0, "", "true", "")], at)

    def _prices(self, day: date, cycle: str, marks: dict[str, str], at: str) -> None:
        rows = [(cycle, name, mark, "trades", "last") for name, mark in sorted(marks.items())]
        self.send(day, "market_price_snapshot", rows, at, "" if cycle == "EOD" else cycle)

    def _collateral(self, day: date, dollars: dict[str, int], at: str) -> None:
        rows = [
            (name, "cash", "BANK", 1, 10_000 * value, 0, "customer", "false")
            for name, value in dollars.items()
        ]
        self.send(day, "collateral", rows, at)


def _kind(account: str) -> str:
    return "fully_collateralised" if account == "DELTA" else "margined"


def _csv(row: tuple) -> str:
    cells = (str(cell) for cell in row)
    return ",".join('"' + c.replace('"', '""') + '"' if '"' in c else c for c in cells)
