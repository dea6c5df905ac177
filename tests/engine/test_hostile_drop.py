"""A drop folder with everything that a hostile or clumsy sender may put into it.

Extra files must leave every figure of the day as it is; a broken file of a stream that is
needed must stop what needs it and nothing else; nothing outside the folder may be read.
"""

import hashlib
import json
import os
import shutil
from pathlib import Path

import pytest
from support import venues
from support.venues import DAY_1, STAGES, contents, manifest_path, promise, run_days, settings_of

from reporting.contract.streams import STREAMS
from reporting.lake import open_lake

pytestmark = pytest.mark.slow

CANARY = "CANARY-8f3a1c-outside-the-drop-folder"
BENCHMARKS = b"series_id,date,value,unit\n"
AUDIT = ("trade_id", "account_id", "side", "quantity", "price", "collateralisation", "role")

# Figures about files and findings say what arrived; all others may not change.
ABOUT_FILES = {
    "disclose.files_landed",
    "disclose.finding_details",
    "disclose.findings_by_rule",
    "disclose.key_figures",
}


@pytest.fixture
def day_folder(finished, tmp_path) -> Path:
    """The first venue's first date in a drop folder of its own."""
    folder = tmp_path / "in" / DAY_1.isoformat()
    shutil.copytree(finished.input / DAY_1.isoformat(), folder)
    return folder


@pytest.fixture
def canary(tmp_path) -> Path:
    """A file outside the drop folder that would load as benchmarks, were it read."""
    path = tmp_path / "canary.csv"
    path.write_bytes(BENCHMARKS + f"{CANARY},2026-05-04,1,x\n".encode())
    return path


@pytest.fixture
def expected(finished_contents) -> venues.Contents:
    return {n: [r for r in rows if r[0] == DAY_1] for n, rows in finished_contents.items()}


def _extra(folder: Path, name: bytes | str, content: bytes, sequence: int, **changes) -> Path:
    """A file of benchmarks, a stream that only correlations need, with its manifest."""
    path = Path(os.fsdecode(os.path.join(os.fsencode(folder), os.fsencode(name))))
    path.write_bytes(content)
    said = {"stream": "benchmarks", "sender": "market-data", "sequence": sequence, **changes}
    promise(path, DAY_1, said.pop("stream"), said.pop("sender"), said.pop("sequence"), **said)
    return path


def _sender(stream: str) -> str:
    return STREAMS[stream].sender


def _put_names(folder: Path, canary: Path) -> dict[str, str]:
    """Hostile names, each with a manifest; the subject of a finding -> its rule."""
    row = BENCHMARKS + b"VIX,2026-05-04,17.5,made up\n"
    names = {
        b"it's.csv": "drop folder: it's.csv",
        b"*.csv": "drop folder: *.csv",
        b"trades?.csv": "drop folder: trades?.csv",
        b"..hidden.csv": "drop folder: ..hidden.csv",
        b"a\nb.csv": r"drop folder: a\nb.csv",
        b"'); DROP TABLE land.files; --.csv": "drop folder: '); DROP TABLE land.files; --.csv",
        b"caf\xe9\xff.csv": r"drop folder: caf\\xe9\\xff.csv",
        b"-rf.csv": "drop folder: -rf.csv",
    }
    found = {}
    for number, (name, subject) in enumerate(names.items()):
        _extra(folder, name, row, 100 + number, sender=_sender("benchmarks"))
        found[subject] = "LAND-NAME"
        # Its manifest bears the name too.
        found[subject + ".manifest.json"] = "LAND-NAME"
    content = canary.read_bytes()
    for name, target in (("link.csv", canary), ("passwd.csv", Path("/etc/passwd"))):
        (folder / name).symlink_to(target)
        found[f"drop folder: {name}"] = "LAND-LINK"
    os.mkfifo(folder / "pipe.csv")
    found["drop folder: pipe.csv"] = "LAND-LINK"
    (folder / "folder.csv").mkdir()
    found["drop folder: folder.csv"] = "LAND-LINK"
    # A manifest that points out of the folder, beside a file of its own name.
    (folder / "points.csv").write_bytes(row)
    _manifest_only(folder / "points.csv", content, 121, file="../../canary.csv")
    found["drop folder: points.csv"] = "LAND-MANIFEST"
    (folder / "manifest-link.csv").write_bytes(row)
    manifest_path(folder / "manifest-link.csv").symlink_to(canary)
    found["drop folder: manifest-link.csv.manifest.json"] = "LAND-LINK"
    found["drop folder: manifest-link.csv"] = "LAND-NO-MANIFEST"
    return found


def _manifest_only(path: Path, content: bytes, sequence: int, **changes) -> None:
    said = {
        "file": path.name,
        "stream": "benchmarks",
        "sender": _sender("benchmarks"),
        "business_date": DAY_1.isoformat(),
        "sequence": sequence,
        "sha256": hashlib.sha256(content).hexdigest(),
        "bytes": len(content),
        "rows": 1,
        "as_of": "2026-05-05T03:59:59Z",
    }
    manifest_path(path).write_text(json.dumps(said | changes))


def _put_damaged(folder: Path) -> dict[str, str]:
    """Files that are not what their manifests promise; subject -> rule."""
    row = BENCHMARKS + b"VIX,2026-05-04,17.5,made up\n"
    sender = _sender("benchmarks")
    truncated = _extra(folder, "truncated.csv", row, 1, sender=sender)
    truncated.write_bytes(row[:-9])
    flipped = _extra(folder, "flipped.csv", row, 2, sender=sender)
    flipped.write_bytes(row[:-4] + bytes([row[-4] ^ 1]) + row[-3:])
    _extra(folder, "wide.csv", row.decode().encode("utf-16"), 3, sender=sender)
    _extra(folder, "odd.parquet", b"PAR1....PAR1", 4, sender=sender)
    _extra(folder, "cut.csv.gz", b"\x1f\x8b\x08\x00\x00", 5, sender=sender)
    renamed = _extra(folder, "renamed.csv", row, 6, sender=sender)
    manifest_path(renamed).rename(folder / "other.csv.manifest.json")
    renamed.rename(folder / "other.csv")
    return {
        "benchmarks: truncated.csv": "LAND-HASH",
        "benchmarks: flipped.csv": "LAND-HASH",
        "drop folder: other.csv": "LAND-MANIFEST",
        "benchmarks: wide.csv": "LAND-FORMAT",
        "benchmarks: odd.parquet": "LAND-FORMAT",
        "benchmarks: cut.csv.gz": "LAND-GZIP",
    }


def _put_rows(folder: Path) -> dict[int, str]:
    """One more file of the trade audit with only bad rows; line -> rule."""
    good = ("x-1", "A000001", "yes", "1", "0.5", "margined", "taker")

    def line(**changes: str) -> bytes:
        row = {**dict(zip(AUDIT, good, strict=True)), **changes}
        return ",".join(row.values()).encode() + b"\n"

    lines = [
        line(quantity="NaN"),
        line(price="1e3"),
        line(quantity="inf"),
        line(trade_id="x" * 10_000_000),
        line(trade_id="nul\x00nul"),
        line().replace(b"A000001", b"A\xff\xfe1"),
        line(trade_id="=cmd|'/c calc'!A1"),
        b"one,two\n",
        b'"never closed,1,2\n',
    ]
    path = folder / "trade_audit-more.csv"
    path.write_bytes(",".join(AUDIT).encode() + b"\n" + b"".join(lines))
    promise(path, DAY_1, "trade_audit", _sender("trade_audit"), 2, rows=len(lines))
    rules = (
        ["ROW-KIND"] * 3 + ["ROW-LENGTH", "ROW-TEXT", "ROW-TEXT", "ROW-KIND"] + ["ROW-FIELDS"] * 2
    )
    return dict(enumerate(rules, start=2))


def _put_duplicate(folder: Path) -> None:
    """The bytes and the number of the day's collateral again, under a second name."""
    original = venues.file_of(folder.parent, DAY_1, "collateral")
    again = folder / f"again-{original.name}"
    shutil.copy(original, again)
    said = json.loads(manifest_path(original).read_text())
    manifest_path(again).write_text(json.dumps(said | {"file": again.name}))


def test_hostile_extras_become_findings_and_change_no_figure(
    day_folder, canary, empty_home, expected, tmp_path
):
    """A whole day with hostile names, links, a pipe, damaged files, hostile rows and a
    duplicate beside it: each is named by its rule, and every table of validate, recompute
    and stress and every figure of the packs equals the run without them.

    Fails when the run stops, when an extra goes by without a finding, when one changes a
    figure, or when bytes from outside the folder reach lake, store or run records.
    """
    _put_duplicate(day_folder)
    wanted = _put_names(day_folder, canary) | _put_damaged(day_folder)
    rows = _put_rows(day_folder)
    settings = settings_of(venues.copy_home(empty_home, tmp_path / "home"), tmp_path / "in")
    results = run_days(settings, [DAY_1])
    assert list(results) == list(STAGES)

    with open_lake(settings, read_only=True) as lake:
        found = lake.connection.execute(
            "SELECT subject, rule_id, detail, severity FROM land.findings ORDER BY ALL"
        ).fetchall()
        statuses = dict(lake.connection.execute("SELECT name, status FROM land.files").fetchall())
        quarantined = lake.connection.execute(
            "SELECT line, rule_id, excerpt FROM land.quarantine ORDER BY line"
        ).fetchall()
    named = {subject: rule for subject, rule, _, _ in found if not rule.startswith("ROW-")}
    assert named == wanted
    assert all(detail and "\n" not in subject + detail for subject, _, detail, _ in found)
    assert {line: rule for line, rule, _ in quarantined} == rows
    assert all(len(excerpt) <= 500 for _, _, excerpt in quarantined)
    assert sum(s == "DUPLICATE" for s in statuses.values()) == 1
    assert statuses["truncated.csv"] == statuses["flipped.csv"] == "REFUSED"

    now = contents(settings, [DAY_1])
    same = [
        name for name in expected if name.partition(".")[0] != "land" and name not in ABOUT_FILES
    ]
    assert [name for name in same if now[name] != expected[name]] == []
    for name in ("land.trades", "land.trade_audit", "land.collateral", "land.margin_requirements"):
        assert now[name] == expected[name]
    blocked = {name for result in results.values() for name in result.blocked}
    # Correlations need benchmarks, and nothing else does: the packs are made without them.
    trends = {"recompute.metric_trends", "disclose.metric_trends"}
    assert blocked == {"validate.benchmarks", *trends}

    _assert_nowhere(CANARY, now, settings.home)
    _assert_nowhere("root:x:0:0", now, settings.home)


def _assert_nowhere(text: str, rows: venues.Contents, home: Path) -> None:
    """A text is in no value of the lake and in no file of the home."""
    assert not [name for name, found in rows.items() if text in repr(found)]
    for path in home.rglob("*"):
        if path.is_file():
            assert text.encode() not in path.read_bytes(), path


BROKEN = {
    "margin_requirements": {
        "recompute.equal_books",
        "recompute.margin_breaks",
        "recompute.method_margins",
        "recompute.cycle_breaks",
        # A call may be right for the margin that the venue charges.
        "recompute.call_breaks",
    },
    "margin_calls": {
        "recompute.calls",
        "recompute.call_ages",
        "recompute.call_breaks",
        "recompute.metrics",
        "recompute.withdrawals",
    },
    "obligations": {
        "recompute.obligation_breaks",
        "recompute.cash_balances",
        "recompute.metrics",
    },
    "position_snapshot": {
        # Margin breaks are split by the positions that differ.
        "recompute.position_breaks",
        "recompute.cycle_position_breaks",
        "recompute.margin_breaks",
        "recompute.cycle_breaks",
        "recompute.call_breaks",
    },
}

# What is still to be paid of the date is among the payments of the hours after it.
NEED_OBLIGATIONS = {"stress.liquidity", "stress.liquidity_hours", "stress.liquidity_facilities"}


def test_broken_streams_stop_only_what_needs_them(day_folder, empty_home, expected, tmp_path):
    """Four streams arrive truncated, bit-flipped, under a wrong name and as UTF-16; what we
    compare with them is not made, everything that we compute ourselves is, unchanged.

    Fails when the run stops, when a broken file is used, or when positions, margin or
    stress are held up by a stream that they do not need.
    """
    drop = day_folder.parent
    truncated = venues.file_of(drop, DAY_1, "margin_requirements")
    truncated.write_bytes(truncated.read_bytes()[:-40])
    flipped = venues.file_of(drop, DAY_1, "margin_calls")
    content = bytearray(flipped.read_bytes())
    content[len(content) // 2] ^= 4
    flipped.write_bytes(bytes(content))
    renamed = venues.file_of(drop, DAY_1, "obligations")
    renamed.rename(day_folder / "renamed.csv")
    manifest_path(renamed).rename(day_folder / "renamed.csv.manifest.json")
    wide = venues.file_of(drop, DAY_1, "position_snapshot")
    wide.write_bytes(wide.read_text().encode("utf-16"))
    promise(wide, DAY_1, "position_snapshot", _sender("position_snapshot"), 1)

    settings = settings_of(venues.copy_home(empty_home, tmp_path / "home"), drop)
    results = run_days(settings, [DAY_1])
    with open_lake(settings, read_only=True) as lake:
        found = lake.connection.execute(
            "SELECT rule_id, subject FROM land.findings ORDER BY ALL"
        ).fetchall()
    day = DAY_1.isoformat()
    assert found == sorted(
        [
            ("LAND-HASH", f"margin_requirements: {truncated.name}"),
            ("LAND-HASH", f"margin_calls: {flipped.name}"),
            ("LAND-MANIFEST", "drop folder: renamed.csv"),
            ("LAND-FORMAT", f"position_snapshot: {wide.name}"),
            *(("LAND-MISSING-STREAM", f"{stream}: {day}") for stream in BROKEN),
        ]
    )
    recomputed = {name for needs in BROKEN.values() for name in needs}
    stopped = recomputed | NEED_OBLIGATIONS
    assert set(results["validate"].blocked) == {f"validate.{stream}" for stream in BROKEN}
    assert set(results["recompute"].blocked) == recomputed
    assert set(results["stress"].blocked) == NEED_OBLIGATIONS
    now = contents(settings, [DAY_1])
    assert [name for name in sorted(stopped) if now[name]] == []
    own = [
        name
        for name in expected
        if name.startswith(("recompute.", "stress."))
        and name not in stopped
        and not name.endswith(".findings")
    ]
    assert {"recompute.positions", "recompute.account_margin", "stress.cover"} <= set(own)
    assert [name for name in own if now[name] != expected[name]] == []


# The other daily streams are only compared with; the test above breaks four of them.
NEEDED = (
    "accounts",
    "collateral",
    "events",
    "guaranty_fund",
    "margin_schedule",
    "market_price_snapshot",
    "markets",
    "members",
    "resources",
    "settlement_periods",
    "trade_audit",
    "trades",
)


@pytest.mark.parametrize("stream", NEEDED)
def test_any_single_stream_may_be_missing(stream, day_folder, empty_home, tmp_path):
    """On a first date, with no earlier one to lean on, a stream that figures are made from is
    cut off in the middle of its file: the day runs through all stages, the finding names the
    file, and no check breaks.

    Fails when a missing input is met by an exception further down instead of by the gate.
    """
    file = venues.file_of(day_folder.parent, DAY_1, stream)
    content = file.read_bytes()
    file.write_bytes(content[: len(content) // 2])
    settings = settings_of(venues.copy_home(empty_home, tmp_path / "home"), tmp_path / "in")
    results = run_days(settings, [DAY_1])
    assert list(results) == list(STAGES)
    assert f"validate.{stream}" in results["validate"].blocked
    hashes = [c for c in results["land"].checks if c.rule.id == "LAND-HASH"]
    assert hashes[0].count == 1
    assert hashes[0].samples[0]["subject"] == f"{stream}: {file.name}"
    broken = [c.rule.id for r in results.values() for c in r.checks if str(c.status) == "BROKEN"]
    assert broken == []
    shutil.rmtree(settings.home)
