"""Promises about a whole file: manifest, bytes, format, limits."""

import gzip
import json

import pytest

from feeds.delivery import DAY, MEMBERS, Inbox, member, packed, read, rules, trade
from reporting.contract.streams import STREAMS
from reporting.feeds.api import Store
from reporting.feeds.records import Status
from reporting.feeds.store import StoreError

GOOD = trade() + "\n"


def refusal(inbox: Inbox, **limits: int) -> str:
    """The rule that refuses the only file of the folder; nothing of it may land."""
    landing = inbox.land(**limits)
    assert not [file for file in landing.files if file.status == Status.LANDED]
    ((rule, _),) = rules(landing)
    return rule


def test_a_file_cut_off_at_any_byte_is_refused(inbox: Inbox) -> None:
    content = GOOD.encode()
    place = inbox.deliver("t.ndjson", content, "trades")
    for length in range(len(content)):
        place.write_bytes(content[:length])
        assert refusal(inbox) == "LAND-HASH"
    place.write_bytes(content)
    assert rules(inbox.land()) == []


def test_any_flipped_bit_is_refused(inbox: Inbox) -> None:
    content = bytearray(GOOD.encode())
    place = inbox.deliver("t.ndjson", bytes(content), "trades")
    for number in range(0, len(content) * 8, 7):
        content[number // 8] ^= 1 << number % 8
        place.write_bytes(content)
        assert refusal(inbox) == "LAND-HASH"
        content[number // 8] ^= 1 << number % 8


def test_a_manifest_cut_off_at_any_byte_is_refused(inbox: Inbox) -> None:
    place = inbox.deliver("t.ndjson", GOOD, "trades")
    manifest = place.with_name("t.ndjson.manifest.json")
    content = manifest.read_bytes()
    for length in range(len(content)):
        manifest.write_bytes(content[:length])
        assert refusal(inbox) == "LAND-MANIFEST"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("sequence", "1"),
        ("sequence", True),
        ("sequence", -1),
        ("sequence", 10**30),
        ("sequence", 1.0),
        ("bytes", None),
        ("rows", [1]),
        ("sha256", "A" * 64),
        ("sha256", "0" * 63),
        ("business_date", "2025-3-17"),
        ("business_date", "20250317"),
        ("as_of", "yesterday"),
        ("as_of", "2025-03-18T04:00:00"),
        ("as_of", "2025-13-18T04:00:00Z"),
        ("file", "other.ndjson"),
        ("file", "../t.ndjson"),
        ("stream", ""),
        ("control_totals", {"count": 3}),
        ("control_totals", {"count": "NaN"}),
        ("control_totals", {"no_such_column": "3"}),
        ("control_totals", ["count"]),
        ("synthetic", "false"),
        ("manifest_version", 2),
        ("unknown_field", 1),
    ],
)
def test_a_wrong_field_in_the_manifest(inbox: Inbox, field: str, value: object) -> None:
    name = "t.ndjson"
    (inbox.folder() / name).write_text(GOOD)
    manifest = {**inbox.manifest(name, GOOD.encode(), "trades"), field: value}
    (inbox.folder() / f"{name}.manifest.json").write_text(json.dumps(manifest))
    assert refusal(inbox) == "LAND-MANIFEST"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"null",
        b"[]",
        b"\xff\xfe{\x00}\x00",
        b"[" * 100_000,
        b'{"rows": ' + b"9" * 10_000 + b"}",
        b" " * 2_000_000,
    ],
)
def test_a_manifest_that_is_no_manifest(inbox: Inbox, content: bytes) -> None:
    place = inbox.deliver("t.ndjson", GOOD, "trades")
    place.with_name("t.ndjson.manifest.json").write_bytes(content)
    assert refusal(inbox) == "LAND-MANIFEST"


@pytest.mark.parametrize(
    ("old", "new"),
    [('"rows": 1', '"rows": NaN'), ('"rows": 1', '"rows": 1, "rows": 1')],
)
def test_json_that_other_readers_would_let_pass(inbox: Inbox, old: str, new: str) -> None:
    place = inbox.deliver("t.ndjson", GOOD, "trades")
    manifest = place.with_name("t.ndjson.manifest.json")
    text = manifest.read_text()
    assert old in text
    manifest.write_text(text.replace(old, new))
    assert refusal(inbox) == "LAND-MANIFEST"


@pytest.mark.parametrize(
    ("name", "content", "rule"),
    [
        ("t.parquet", GOOD, "LAND-FORMAT"),
        ("t.csv.zip", GOOD, "LAND-FORMAT"),
        ("t.ndjson", "\ufeff".encode("utf-16-le") + GOOD.encode("utf-16-le"), "LAND-FORMAT"),
        ("t.ndjson", GOOD.encode("utf-16"), "LAND-FORMAT"),
        ("t.ndjson", GOOD.encode("utf-32"), "LAND-FORMAT"),
        ("t.ndjson", packed(GOOD), "LAND-FORMAT"),
        ("t.csv", b"PAR1....PAR1", "LAND-FORMAT"),
        ("t.csv", b"", "LAND-FORMAT"),
        ("t.csv", b"trade_id,ticker\nx,y\n", "LAND-FORMAT"),
        (
            "t.csv",
            b"trade_id,ticker,created_time,taker_side,trade_id\n",
            "LAND-FORMAT",
        ),
        ("t.csv", b"trade_id," * 20_000, "LAND-FORMAT"),
        ("t.ndjson.gz", GOOD, "LAND-GZIP"),
        ("t.ndjson.gz", b"", "LAND-GZIP"),
        ("t.ndjson.gz", packed(GOOD)[:-1], "LAND-GZIP"),
        ("t.ndjson.gz", packed(GOOD) + b"rest", "LAND-GZIP"),
        ("t.ndjson.gz", packed(b" " * 5_000_000), "LAND-RATIO"),
    ],
)
def test_a_format_that_is_refused(inbox: Inbox, name: str, content: bytes | str, rule: str) -> None:
    inbox.deliver(name, content, "trades")
    assert refusal(inbox) == rule


def test_a_gzip_bomb_is_not_written_out(inbox: Inbox) -> None:
    bomb = packed(b"0" * 50_000_000)
    inbox.deliver("t.ndjson.gz", bomb, "trades")
    assert refusal(inbox, max_ratio=10_000, max_plain_bytes=2_000_000) == "LAND-SIZE"
    assert list((inbox.root / "staging").iterdir()) == []


def test_gzip_in_several_members(inbox: Inbox) -> None:
    content = packed(GOOD) + packed(trade(trade_id="t-2") + "\n")
    assert gzip.decompress(content).count(b"\n") == 2
    inbox.deliver("t.ndjson.gz", content, "trades", rows=2)
    result = read(inbox.land())
    assert result.rows("trades", "trade_id", "line") == [("t-1", 1), ("t-2", 2)]
    assert result.loaded.findings == []


def test_a_refused_file_is_kept_as_evidence(inbox: Inbox) -> None:
    inbox.deliver("t.ndjson", GOOD, "trades", sha256="0" * 64)
    (file,) = inbox.land().files
    assert (file.status, file.staged) == (Status.REFUSED, None)
    assert Store(inbox.root / "store").path(file.file_sha256).read_text() == GOOD


def test_a_damaged_object_of_the_store_is_named(inbox: Inbox) -> None:
    inbox.deliver("t.ndjson", GOOD, "trades")
    (file,) = inbox.land().files
    file.staged.chmod(0o644)
    file.staged.write_text("tampered")
    with pytest.raises(StoreError, match=file.file_sha256):
        inbox.land()


def test_every_daily_stream_is_missed_by_name(inbox: Inbox) -> None:
    inbox.deliver("m.csv", MEMBERS + member(1), "members")
    daily = {name for name, stream in STREAMS.items() if stream.daily} - {"members"}
    # Before the cut-off too: the figures of such a run are not complete, and must say so.
    for waiting in (False, True):
        findings = inbox.land(waiting=waiting).findings
        assert {finding.rule_id for finding in findings} == {"LAND-MISSING-STREAM"}
        assert {finding.subject for finding in findings} == {f"{name}: {DAY}" for name in daily}
        for finding in findings:
            assert ("the cut-off has not passed" in finding.detail) == waiting
