"""A futures exchange's public tables as the stream benchmarks: rows of our own making in its
layouts, from the file to validated series, every bad line with its rule, file and line."""

from datetime import date

import pytest

from feeds.delivery import DAY, Inbox, read
from reporting.settings import ROOT

# Headings as on the exchange's page of margins, and as in its file of volume and open interest.
RATES = "Exchange,Sector,Product Name,Product Code,Start Period,End Period,Maintenance\n"
VOLUME = (
    "Trade Date,Exchange Code,Product Code,Product Description,Product Type,Put/Call,Strike Price,"
    "Contract Year,Contract Month,Open Interest,Total Volume,Globex Volume,Block Volume\n"
)


def loaded(inbox: Inbox, name: str, text: str, rows: int, **changes):
    """The reader of one landed file, with the tables of the lake that the SELECTs read."""
    inbox.deliver(name, text, "benchmarks", rows=rows, **changes)
    result = read(inbox.land())
    connection = result.connection
    connection.execute("CREATE SCHEMA land")
    for table in ("benchmarks", "files"):
        connection.execute(
            f"CREATE TABLE land.{table} AS SELECT DATE '{DAY}' AS business_date, *"
            f" FROM temp.landing_{table}"
        )
    return result


def validated(result) -> list[tuple]:
    sql = (ROOT / "sql" / "validate" / "benchmarks.sql").read_text()
    query = result.connection.execute(sql, {"business_date": DAY}).to_arrow_table()
    assert set(query["business_date"].to_pylist()) <= {DAY}
    names = ("series_id", "trading_date", "value", "unit", "exchange", "product_code", "measure")
    rows = zip(*(query[name].to_pylist() for name in (*names, "line")), strict=True)
    return sorted(rows, key=lambda row: (row[-1], row[0]))


def found(result, rule: str) -> list[tuple[str, str, int]]:
    sql = (ROOT / "data_checks" / "sql" / f"{rule}.sql").read_text()
    rows = result.connection.execute(sql, {"business_date": DAY}).fetchall()
    return sorted(((row[0], row[1], row[3]) for row in rows), key=lambda row: row[2])


def test_margin_rates(inbox: Inbox) -> None:
    result = loaded(
        inbox,
        "rates.csv",
        RATES
        + "CMX,METALS,GOLD FUTURES,GC,06/2025,08/2025,11000 USD\n"
        + 'CME,EVENTS,RAIN IN NEW YORK,KXRAIN,03/2025,03/2025,"1,250.50 USD"\n',
        2,
    )
    assert result.quarantine() == []
    assert validated(result) == [
        ("CMX/GC/06/2025-08/2025/maintenance", DAY, "11000", "USD", "CMX", "GC", "maintenance", 2),
        (
            "CME/KXRAIN/03/2025-03/2025/maintenance",
            DAY,
            "1250.50",
            "USD",
            "CME",
            "KXRAIN",
            "maintenance",
            3,
        ),
    ]
    assert found(result, "VALIDATE-BENCHMARK") == []


def test_volume_and_open_interest(inbox: Inbox) -> None:
    """A future and an option; what the exchange says beside open interest and volume is not
    read, columns that we do not know are passed over."""
    result = loaded(
        inbox,
        "voi.csv",
        VOLUME
        + "20250314,XCME,ES,E-MINI,F,,0,2025,6,54,2880,998,1805\n"
        + "20250314,XCME,EZ,E-MINI OPTIONS,O,C,1200,2025,12,7,,0,\n",
        2,
    )
    assert result.quarantine() == []
    friday = date(2025, 3, 14)
    assert [row[:4] + row[6:] for row in validated(result)] == [
        ("XCME/ES/F/2025-06/open_interest", friday, "54", "contracts", "open_interest", 2),
        ("XCME/ES/F/2025-06/total_volume", friday, "2880", "contracts", "total_volume", 2),
        ("XCME/EZ/O/C1200/2025-12/open_interest", friday, "7", "contracts", "open_interest", 3),
    ]
    assert found(result, "VALIDATE-BENCHMARK") == []


def test_a_series_of_our_own_naming_is_what_it_was(inbox: Inbox) -> None:
    result = loaded(inbox, "vix.csv", "series_id,date,value,unit\nVIX,2025-03-14,21.77,points\n", 1)
    friday = date(2025, 3, 14)
    assert validated(result) == [("VIX", friday, "21.77", "points", "", "", "value", 2)]


@pytest.mark.parametrize(
    ("line", "rule", "column"),
    [
        ("CMX,METALS,GOLD,GC,13/2025,08/2025,11000 USD", "ROW-KIND", "start_period"),
        ("CMX,METALS,GOLD,GC,06/2025,08/2025,11000", "ROW-KIND", "maintenance"),
        ("CMX,METALS,GOLD,GC,06/2025,08/2025,-5 USD", "ROW-KIND", "maintenance"),
        ("CMX,METALS,GOLD,GC,06/2025,08/2025,", "ROW-ONE-OF", None),
        ("CMX,METALS,GOLD,,06/2025,08/2025,11000 USD", "ROW-ONE-OF", None),
        ("CMX,METALS,GOLD,GC,06/2025,08/2025,11,000 USD", "ROW-FIELDS", None),
    ],
)
def test_a_bad_line_of_rates_is_set_aside(inbox: Inbox, line: str, rule: str, column: str) -> None:
    good = "CMX,METALS,SILVER,SI,06/2025,08/2025,9000 USD\n"
    result = loaded(inbox, "rates.csv", RATES + good + line + "\n" + good, 3)
    ((_, at, found_rule, found_column),) = [
        (row[0], row[1], row[2], row[3])
        for row in result.connection.execute(
            "SELECT stream, line, rule_id, column_name FROM temp.landing_quarantine"
        ).fetchall()
    ]
    assert (at, found_rule) == (3, rule)
    if column:
        assert found_column == column
    # The other two are one row sent twice: the first counts.
    assert [row[-1] for row in validated(result)] == [2]


def test_a_header_of_something_else_is_refused(inbox: Inbox) -> None:
    inbox.deliver("odd.csv", "a,b\n1,2\n", "benchmarks", rows=1)
    details = [each.detail for each in inbox.land().findings if each.rule_id == "LAND-FORMAT"]
    assert details == ["line 1: the header lacks the column series_id or product_code"]


def test_two_headings_for_one_column_are_refused(inbox: Inbox) -> None:
    """Exchange and Exchange Code mean the same column: which of the two would count?"""
    text = "Exchange,Exchange Code,Product Code,Maintenance\nCME,XCME,ES,5 USD\n"
    inbox.deliver("both.csv", text, "benchmarks", rows=1)
    findings = inbox.land().findings
    assert [(each.rule_id, each.detail) for each in findings if each.rule_id == "LAND-FORMAT"] == [
        ("LAND-FORMAT", "line 1: the header names a column twice")
    ]


def test_other_streams_know_no_headings(inbox: Inbox) -> None:
    text = "Exchange,Product Code,Maintenance\nCME,ES,5 USD\n"
    inbox.deliver("m.csv", text, "members", rows=1)
    rules = [each.rule_id for each in inbox.land().findings]
    assert "LAND-FORMAT" in rules
