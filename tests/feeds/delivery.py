"""A sender and a reader for the tests: deliver files with manifests, land and load them."""

import gzip
import hashlib
import json
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb

from reporting.contract.streams import STREAMS
from reporting.feeds.api import KnownFile, Store, land_day, load
from reporting.feeds.loading import Loaded
from reporting.feeds.records import Landing, Limits

DAY = date(2025, 3, 17)
TRADE = {
    "trade_id": "t-1",
    "ticker": "KXHIGHDEN-25MAR17-B68.5",
    "created_time": "2025-03-17T19:15:08.565114Z",
    "taker_side": "yes",
    "count": 3,
    "yes_price": 40,
    "no_price": 60,
}
MEMBERS = "member_id,name,lei,affiliate_group,clears_for,status\n"


def trade(**changes: object) -> str:
    """A good trade as one line of JSON, with changes."""
    return json.dumps({**TRADE, **changes})


def member(number: int) -> str:
    """A good line of the members' list."""
    return f"M{number},Member {number},,G{number},both,active\n"


@dataclass
class Inbox:
    """A drop folder and everything behind it, below one folder."""

    root: Path
    files: dict[date, Path] = field(default_factory=dict)

    def folder(self, day: date = DAY) -> Path:
        place = self.root / "inbox" / day.isoformat()
        place.mkdir(parents=True, exist_ok=True)
        return place

    def manifest(self, name: str, content: bytes, stream: str, **changes: object) -> dict:
        promised = {
            "file": name,
            "stream": stream,
            "sender": STREAMS[stream].sender,
            "business_date": DAY.isoformat(),
            "sequence": 1,
            "sha256": hashlib.sha256(content).hexdigest(),
            "bytes": len(content),
            "rows": 1,
            "as_of": "2025-03-18T04:00:00Z",
        }
        return {**promised, **changes}

    def deliver(self, name: str, content: bytes | str, stream: str, **changes: object) -> Path:
        """Put a file and a manifest, right unless ``changes`` say otherwise."""
        content = content.encode() if isinstance(content, str) else content
        day = date.fromisoformat(str(changes.get("business_date", DAY)))
        place = self.folder(day) / name
        place.write_bytes(content)
        promised = self.manifest(name, content, stream, **changes)
        place.with_name(name + ".manifest.json").write_text(json.dumps(promised))
        return place

    def land(
        self,
        day: date = DAY,
        known: list[KnownFile] | None = None,
        waiting: bool = False,
        accepted: frozenset[str] = frozenset(),
        **limits: int,
    ) -> Landing:
        self.folder(day)
        return land_day(
            self.root / "inbox",
            day,
            Store(self.root / "store"),
            known or [],
            self.root / "staging",
            Limits(**limits),
            waiting,
            accepted,
        )


@dataclass
class Read:
    """What was loaded, easy to compare."""

    loaded: Loaded
    connection: duckdb.DuckDBPyConnection

    def rows(self, stream: str, *columns: str) -> list[tuple]:
        names = ", ".join(f'"{name}"' for name in columns)
        return self.connection.execute(
            f"SELECT {names} FROM temp.landing_{stream} ORDER BY file_sha256, line"
        ).fetchall()

    def quarantine(self) -> list[tuple]:
        return self.connection.execute(
            "SELECT line, rule_id, column_name FROM temp.landing_quarantine ORDER BY stream, line"
        ).fetchall()

    def rules(self) -> list[str]:
        return [finding.rule_id for finding in self.loaded.findings]


def read(landing: Landing) -> Read:
    """Load with two threads, on a connection that may not touch the file system."""
    connection = duckdb.connect(config={"threads": 2})
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return Read(load(connection, landing), connection)


def rules(landing: Landing) -> list[tuple[str, str]]:
    """(rule, subject) of the findings, those about streams that nobody sent left out."""
    return [
        (finding.rule_id, finding.subject)
        for finding in landing.findings
        if finding.rule_id != "LAND-MISSING-STREAM"
    ]


def packed(content: bytes | str) -> bytes:
    return gzip.compress(content.encode() if isinstance(content, str) else content, mtime=0)
