"""Rows and control totals of the manifest; many rows, in order, over several batches."""

import hashlib

import duckdb
import pytest

from feeds.delivery import MEMBERS, Inbox, member, read, trade
from reporting.contract.streams import STREAMS
from reporting.feeds.api import load


def test_a_file_names_the_manifest_that_promised_it(inbox: Inbox) -> None:
    place = inbox.deliver("m.csv", MEMBERS + member(1), "members")
    manifest = place.with_name("m.csv.manifest.json").read_bytes()
    rows = read(inbox.land()).connection.execute(
        "SELECT file_sha256, manifest_sha256 FROM temp.landing_files"
    )
    digests = [hashlib.sha256(content).hexdigest() for content in (place.read_bytes(), manifest)]
    assert rows.fetchall() == [tuple(digests)]


def test_row_counts_reach_the_table_of_files(inbox: Inbox) -> None:
    inbox.deliver("m.csv", MEMBERS + member(1) + "bad\n" + member(2), "members", rows=3)
    inbox.deliver("t.ndjson", trade(), "trades", sha256="0" * 64)
    result = read(inbox.land())
    rows = result.connection.execute(
        "SELECT stream, rows_claimed, rows_read, rows_good, status, strftime(as_of_utc, '%c'),"
        " synthetic, history FROM temp.landing_files ORDER BY stream"
    ).fetchall()
    as_of = "2025-03-18 04:00:00"
    assert rows == [
        ("members", 3, 3, 2, "LANDED", as_of, False, False),
        ("trades", 1, None, None, "REFUSED", as_of, False, False),
    ]


@pytest.mark.parametrize(
    ("counts", "total", "holds"),
    [
        (["1", "2.50", "0.1"], "3.6", True),
        (["1", "2.50", "0.1"], "3.60", True),
        (["1", "2.50", "0.1"], "3.61", False),
        (["0.1"] * 10, "1", True),  # binary floats give 0.9999999999999999
        (["9999999999999", "0.01"], "9999999999999.01", True),
        (["-2", "1"], "-1", True),
        ([], "0", True),
        (["1", "x", "2"], "3", True),  # what is no number adds nothing
        (["1", "1.234"], "2.234", True),  # quarantined, but a number
    ],
)
def test_control_totals_are_exact(inbox: Inbox, counts: list[str], total: str, holds: bool) -> None:
    content = "\n".join(trade(count=count) for count in counts)
    promises = {"rows": len(counts), "control_totals": {"count": total}}
    inbox.deliver("t.ndjson", content, "trades", **promises)
    broken = [rule for rule in read(inbox.land()).rules() if rule == "LAND-TOTALS"]
    assert broken == ([] if holds else ["LAND-TOTALS"])


def test_long_numbers_add_up_too(inbox: Inbox) -> None:
    """29 digits: 301 times 99999999999999.000000000001, and 0.5."""
    header = "series_id,date,value\n"
    rows = "A,2025-03-17,99999999999999.000000000001\n" * 301 + "A,2025-03-17,0.5\n"
    total = "30099999999999699.500000000301"
    totals = {"control_totals": {"value": total}, "rows": 302}
    inbox.deliver("b.csv", header + rows, "benchmarks", **totals)
    assert read(inbox.land()).rules() == []


def test_every_stream_has_a_table(inbox: Inbox) -> None:
    result = read(inbox.land())
    for name, stream in STREAMS.items():
        assert result.rows(name, "file_sha256", "line", *stream.column_names) == []


def test_loading_again_replaces_everything(inbox: Inbox) -> None:
    inbox.deliver("m.csv", MEMBERS + member(1) + "bad\n", "members", rows=2)
    landing = inbox.land()
    result = read(landing)
    again = load(result.connection, landing)
    assert again == result.loaded
    assert len(result.rows("members", "line")) == 1
    assert len(result.quarantine()) == 1


def test_a_lake_in_use_is_left_alone(inbox: Inbox) -> None:
    """Tables are temporary also where another catalogue is the current one."""
    inbox.deliver("m.csv", MEMBERS + member(1), "members")
    landing = inbox.land()
    connection = duckdb.connect()
    connection.execute("ATTACH ':memory:' AS lake")
    connection.execute("USE lake")
    load(connection, landing)
    assert connection.execute("SELECT member_id FROM temp.landing_members").fetchall() == [("M1",)]
    kinds = "SELECT DISTINCT database_name FROM duckdb_tables() UNION SELECT DISTINCT"
    places = connection.execute(
        f"{kinds} database_name FROM duckdb_views() WHERE NOT internal"
    ).fetchall()
    assert places == [("temp",)]


COUNT = 60_000
BAD = {1000, 2000, 59_999}


def csv_lines() -> list[str]:
    """A header, then rows that carry their own line number."""
    prices = [
        f"EOD,{'!' if line in BAD else 'N'}{line},0.5000,{'x' * 60}" for line in range(2, COUNT + 2)
    ]
    return ["cycle,ticker,settlement_price,source", *prices]


def json_lines() -> list[str]:
    return [trade(trade_id=f"{'!' if line in BAD else 'N'}{line}") for line in range(1, COUNT + 1)]


@pytest.mark.parametrize(
    ("name", "stream", "column", "content", "first"),
    [
        ("p.csv", "market_price_snapshot", "ticker", "\n".join(csv_lines()), 2),
        ("t.ndjson", "trades", "trade_id", "\n".join(json_lines()), 1),
        ("t.json", "trades", "trade_id", "[" + ",\n".join(json_lines()) + "]", 1),
    ],
    ids=["csv", "ndjson", "json"],
)
def test_every_row_keeps_its_line_over_many_batches(
    inbox: Inbox, name: str, stream: str, column: str, content: str, first: int
) -> None:
    """Read with two threads; what a row says of its line is what the table says."""
    inbox.deliver(name, content, stream, rows=COUNT)
    result = read(inbox.land())
    found = result.connection.execute(
        f"SELECT count(*), count(*) FILTER ({column} <> 'N' || line), min(line), max(line),"
        f" count(DISTINCT line) FROM temp.landing_{stream}"
    ).fetchone()
    good = COUNT - len(BAD)
    assert found == (good, 0, first, COUNT + first - 1, good)
    assert [line for line, _, _ in result.quarantine()] == sorted(BAD)
