"""Stage land: the drop folder of a date becomes tables of text, with what was refused."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

import duckdb

from reporting.clock import NEW_YORK
from reporting.contract import STREAMS
from reporting.feeds.api import KnownFile, Store, land_day, load
from reporting.lake import Lake
from reporting.pipeline.engine import Producer, Rows, StageResult, run_stage
from reporting.rulebook import Rule, load_rulebook
from reporting.settings import Settings


def land(lake: Lake, settings: Settings, business_date: date, now: datetime) -> StageResult:
    """Land one date. ``now`` only decides whether a missing file may still come."""
    landing = land_day(
        settings.input,
        business_date,
        Store(settings.store),
        _known(lake, business_date),
        settings.staging,
        waiting_allowed=now < cut_off_utc(settings, business_date),
        accepted=released(settings),
    )
    loaded = load(lake.connection, landing)
    produce = _Landed()
    found = [
        (_rule(finding.rule_id), vars(finding))
        for finding in [*landing.findings, *loaded.findings]
    ]
    producers: dict[str, Producer] = {f"land.{name}": produce for name in STREAMS}
    producers |= {"land.files": produce, "land.quarantine": produce}
    result = run_stage(lake, "land", business_date, producers, found)
    for name in loaded.tables:
        lake.connection.execute(f"DROP TABLE temp.{name}")
    for path in settings.staging.glob("*"):
        if path.is_file():
            path.unlink()
    return result


def cut_off_utc(settings: Settings, business_date: date) -> datetime:
    """Until when a file of the date is waited for: a New York time on the next day."""
    moment = datetime.combine(
        business_date + timedelta(days=1), settings.cut_off, tzinfo=NEW_YORK
    )
    return moment.astimezone(UTC)


def released(settings: Settings) -> frozenset[str]:
    """Hashes of files that a person released from a conflict over a sequence number.

    One hash per line in ``<home>/released-files.txt``; what follows a ``#`` says who and why.
    """
    path = settings.home / "released-files.txt"
    if not path.exists():
        return frozenset()
    hashes = (line.partition("#")[0].strip() for line in path.read_text().splitlines())
    return frozenset(text for text in hashes if text)


class _Landed:
    """The temporary tables that loading made, by the lake table that they fill."""

    def __call__(
        self, connection: duckdb.DuckDBPyConnection, business_date: date, blocked: frozenset[str]
    ) -> Mapping[str, Rows]:
        names = [*STREAMS, "files", "quarantine"]
        return {f"land.{name}": f"temp.landing_{name}" for name in names}


def _rule(rule_id: str) -> Rule:
    return load_rulebook()[rule_id]


def _known(lake: Lake, business_date: date) -> list[KnownFile]:
    rows = lake.connection.execute(
        "SELECT sender, stream, sequence, file_sha256, business_date, status"
        " FROM land.files WHERE business_date <> ? ORDER BY ALL",
        [business_date],
    ).fetchall()
    return [KnownFile(*row) for row in rows]
