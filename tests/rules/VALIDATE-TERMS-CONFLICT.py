"""VALIDATE-TERMS-CONFLICT: two rows of one market, event or series state different terms.

Strike, structure and rules must agree whatever the status; the times only while the market is
open in both rows. The row that does not count is the finding.
"""

from datetime import date

import pytest

RULE = "VALIDATE-TERMS-CONFLICT"
BEFORE, MONDAY, TUESDAY = date(2026, 5, 1), date(2026, 5, 4), date(2026, 5, 5)

MARKET = {
    "ticker": "K-A",
    "event_ticker": "K",
    "status": "active",
    "market_type": "binary",
    "title": "Above 50?",
    "yes_sub_title": "Above 50",
    "strike_type": "greater",
    "floor_strike": "50",
    "open_time": "2026-05-01T14:00:00Z",
    "close_time": "2026-05-04T20:00:00Z",
    "expiration_time": "2026-05-11T20:00:00Z",
    "can_close_early": "true",
    "rules_primary": "Resolves to YES if the value is above 50.",
    "last_price_dollars": "0.4000",
    "volume_fp": "10.00",
}
EVENT = {"event_ticker": "K", "series_ticker": "KS", "mutually_exclusive": "true", "title": "K"}
SERIES = {"ticker": "KS", "title": "K", "fee_type": "quadratic", "fee_multiplier": "1"}


@pytest.fixture
def found(tables):
    """Puts rows of one stream into one file, in order from line 1, and gives the findings."""

    def ask(stream: str, *rows: dict[str, str]) -> list[tuple]:
        tables.file(MONDAY, "file", sequence=1)
        for line, row in enumerate(rows, start=1):
            tables.put(f"land.{stream}", MONDAY, file_sha256="file", line=line, **row)
        return tables.found(RULE, MONDAY)

    return ask


@pytest.mark.parametrize(
    "change",
    [
        {"event_ticker": "L"},
        {"market_type": "scalar"},
        {"subtitle": "50 or above"},
        {"yes_sub_title": "Above 51"},
        {"strike_type": "greater_or_equal"},
        {"floor_strike": "50.5"},
        {"floor_strike": None},
        {"cap_strike": "60"},
        {"custom_strike": '{"Candidate":"A"}'},
        {"can_close_early": "false"},
        {"tick_size": "1"},
        {"price_level_structure": "deci_cent"},
        {"mve_collection_ticker": "KXMVE"},
        {"mve_selected_legs": "[]"},
        {"rules_primary": "Resolves to NO."},
        {"rules_secondary": "More."},
        {"open_time": "2026-05-01T14:00:01Z"},
        {"close_time": "2026-05-04T21:00:00Z"},
        {"expiration_time": "2026-05-12T20:00:00Z"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_each_term_of_an_open_market_counts(found, change):
    """The last line counts, so the finding names the first."""
    assert found("markets", MARKET, MARKET | change) == [("markets: K-A", "file", 1)]


@pytest.mark.parametrize(
    "change",
    [
        {"status": "closed", "last_price_dollars": "0.9900", "volume_fp": "20.00"},
        {"status": "finalized", "result": "yes", "settlement_value_dollars": "1.0000"},
        # A market that closes early has its times moved to the moment it closed.
        {"status": "closed", "close_time": "2026-05-04T17:00:00Z"},
        {"status": "determined", "expiration_time": "2026-05-04T18:00:00Z"},
        {"status": "closed", "open_time": "2026-05-01T15:00:00Z"},
        {"title": "Is it above 50?"},
        {"expected_expiration_time": "2026-05-05T20:00:00Z"},
        # The same terms in other words.
        {"floor_strike": "50.00"},
        {"close_time": "2026-05-04T16:00:00-04:00"},
        {"can_close_early": "True"},
        {"open_interest_fp": "5.00"},
    ],
    ids=str,
)
def test_a_later_state_is_no_conflict(found, change):
    assert found("markets", MARKET, MARKET | change) == []


def test_times_may_still_move_after_the_close(found):
    closed = MARKET | {"status": "closed"}
    later = closed | {"status": "determined", "close_time": "2026-05-04T17:00:00Z"}
    assert found("markets", closed, later) == []


@pytest.mark.parametrize("name", ["open_time", "close_time", "expiration_time"])
def test_times_may_move_when_a_market_opens_again(found, name):
    moved = MARKET | {name: "2026-05-20T14:00:00Z"}
    assert found("markets", MARKET | {"status": "closed"}, moved) == []


def test_each_row_that_differs_from_the_one_that_counts_is_a_finding(found):
    """Lines 1 and 3 differ from line 4; line 2 agrees with it. Another market has one row."""
    old, new = MARKET, MARKET | {"floor_strike": "51", "cap_strike": "60"}
    rows = (old, new, old, new, old | {"ticker": "K-B"})
    assert found("markets", *rows) == [("markets: K-A", "file", 1), ("markets: K-A", "file", 3)]


def test_a_correction_of_terms_is_told_too(tables):
    """The file with the higher sequence number counts; its strike is not that of the first."""
    for name, sequence, strike in (("late", 2, "51"), ("early", 1, "50")):
        tables.file(MONDAY, name, sequence)
        row = MARKET | {"floor_strike": strike}
        tables.put("land.markets", MONDAY, file_sha256=name, line=7, **row)
    assert tables.found(RULE, MONDAY) == [("markets: K-A", "early", 7)]


def test_another_date_and_a_file_that_did_not_land_are_left_out(tables):
    tables.file(MONDAY, "file", 1)
    tables.file(TUESDAY, "next", 2)
    tables.put("land.files", MONDAY, file_sha256="bad", sequence=3, status="REFUSED")
    tables.put("land.markets", MONDAY, file_sha256="file", line=1, **MARKET)
    for day, name in ((TUESDAY, "next"), (MONDAY, "bad")):
        row = MARKET | {"floor_strike": "51"}
        tables.put("land.markets", day, file_sha256=name, line=1, **row)
    assert tables.found(RULE, MONDAY) == []


@pytest.mark.parametrize(
    "change",
    [
        {"series_ticker": "LS"},
        {"mutually_exclusive": "false"},
        {"collateral_return_type": "MECNET"},
        {"strike_date": "2026-05-04T20:00:00Z"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_each_term_of_an_event_counts(found, change):
    assert found("events", EVENT, EVENT | change) == [("events: K", "file", 1)]


@pytest.mark.parametrize(
    "change",
    [{"fee_type": "flat"}, {"fee_multiplier": "0.5"}, {"settlement_sources": '[{"name":"NWS"}]'}],
    ids=lambda change: next(iter(change)),
)
def test_each_term_of_a_series_counts(found, change):
    assert found("series", SERIES, SERIES | change) == [("series: KS", "file", 1)]


@pytest.mark.parametrize(
    ("stream", "row", "change"),
    [
        ("markets", MARKET, {"floor_strike": "51"}),
        ("events", EVENT, {"mutually_exclusive": "false"}),
        ("series", SERIES, {"fee_type": "flat"}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_only_landed_rows_of_one_key_and_date_against_the_one_that_counts(
    tables, stream, row, change
):
    def put(file: str, line: int, day: date = MONDAY, **values: str) -> None:
        tables.put(f"land.{stream}", day, file_sha256=file, line=line, **row | values)

    key = "event_ticker" if stream == "events" else "ticker"
    for name, sequence in (("early", 1), ("late", 2)):
        tables.file(MONDAY, name, sequence)
        put(name, 1)
        put(name, 2, **change | {key: "OTHER"})
    # Neither a refused file, nor another date under whatever number, says anything.
    tables.put("land.files", MONDAY, file_sha256="bad", sequence=3, status="REFUSED")
    put("bad", 1, **change)
    for day in (BEFORE, TUESDAY):
        tables.file(day, "early", 9)
        put("early", 1, day, **change)
    assert tables.found(RULE, MONDAY) == []
    # Of the earlier file one row agrees with the row that counts, and one does not.
    put("early", 3, **change)
    subject = f"{stream}: {row[key]}"
    assert tables.found(RULE, MONDAY) == [(subject, "early", 3)]


def test_words_about_events_and_series_may_change(found):
    assert found("events", EVENT, EVENT | {"title": "Another", "category": "Climate"}) == []


def test_an_absent_fee_is_the_usual_one(found):
    assert found("series", SERIES, {"ticker": "KS", "title": "K, again"}) == []


def test_the_finding_names_the_columns(tables):
    tables.file(MONDAY, "file", 1)
    for line, row in ((1, MARKET), (2, MARKET | {"cap_strike": "60", "close_time": None})):
        tables.put("land.markets", MONDAY, file_sha256="file", line=line, **row)
    from reporting.rulebook import load_rulebook

    rows = tables.connection.execute(load_rulebook()[RULE].sql, {"business_date": MONDAY})
    ((_, detail, _, _),) = rows.fetchall()
    assert detail == "differs from the row that counts in cap_strike, close_time"
