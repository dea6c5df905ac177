"""The typed table of each stream, from the contract alone: hand rows with the longest text that
each kind accepts, and the values that they must become.

A name in capitals is a pair of such a text and its value.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.hand_rows import Tables

from reporting.contract import PATTERNS, STREAMS
from reporting.contract.casts import typed_select, typed_value
from reporting.contract.streams.vocabulary import Column
from reporting.engine.tables import all_tables

MONDAY, TUESDAY = date(2026, 5, 4), date(2026, 5, 5)

ID = ("A" + "x" * 118 + "Z", "A" + "x" * 118 + "Z")
TEXT = ("Kansas, 50° – 60°", "Kansas, 50° – 60°")
JSON = ('{"a": [1,\n2]}', '{"a": [1,\n2]}')
# Decimals stay text, so that nothing is rounded.
DECIMAL = ("-99999999999999.999999999999", "-99999999999999.999999999999")
WHOLE = ("-99999999999999", -99_999_999_999_999)
BPS = ("999999", 999_999)
QUANTITY = ("-9999999999.99000", -999_999_999_999)
# A price finer than 1e-4 dollars is cut; one of a market's state is rounded.
PRICE = ("99999999.999999", 999_999_999_999)
ROUNDED = ("999999999.999999", 10_000_000_000_000)
CENTS = ("999999999.000", 99_999_999_900)
FINE = ("-99999999999.123456789012", -9_999_999_999_912)
MULTIPLIER = ("-999999999.123456789012", -9_999_999_991_235)
DATE = ("2999-12-31", date(2999, 12, 31))
# Nine decimals of a second come in, six are kept; the offset is hours and minutes.
TIME = ("2026-12-31 23:59:59.123456789-12:30", datetime(2027, 1, 1, 12, 29, 59, 123456))
TRUE, FALSE = ("True", True), ("False", False)

# Wire column: (lake column, text and value). Columns that the table leaves out are not here.
STREAM_CASES = {
    "markets": {
        "ticker": ("ticker", ID),
        "event_ticker": ("event_ticker", ID),
        "status": ("status", TEXT),
        "result": ("result", TEXT),
        "market_type": ("market_type", TEXT),
        "title": ("title", TEXT),
        "subtitle": ("subtitle", TEXT),
        "yes_sub_title": ("yes_sub_title", TEXT),
        "strike_type": ("strike_type", TEXT),
        "floor_strike": ("floor_strike", DECIMAL),
        "cap_strike": ("cap_strike", DECIMAL),
        "custom_strike": ("custom_strike", JSON),
        "open_time": ("open_utc", TIME),
        "close_time": ("close_utc", TIME),
        "expected_expiration_time": ("expected_expiration_utc", TIME),
        "expiration_time": ("expiration_utc", TIME),
        "can_close_early": ("can_close_early", TRUE),
        "last_price_dollars": ("last_price_centicents", ROUNDED),
        "open_interest_fp": ("open_interest_qty", QUANTITY),
        "volume_fp": ("volume_qty", QUANTITY),
        "settlement_value": ("settlement_value_centicents", FINE),
        "mve_selected_legs": ("mve_selected_legs", JSON),
        "rules_primary": ("rules_primary", TEXT),
        "rules_secondary": ("rules_secondary", JSON),
    },
    "events": {
        "event_ticker": ("event_ticker", ID),
        "series_ticker": ("series_ticker", ID),
        "mutually_exclusive": ("mutually_exclusive", TRUE),
        "collateral_return_type": ("collateral_return_type", TEXT),
        "category": ("category", TEXT),
        "title": ("title", TEXT),
        "sub_title": ("sub_title", TEXT),
    },
    "series": {
        "ticker": ("series_ticker", ID),
        "category": ("category", TEXT),
        "title": ("title", TEXT),
        "fee_type": ("fee_type", TEXT),
        "fee_multiplier": ("fee_multiplier_e4", MULTIPLIER),
    },
    "market_data": {
        "date": ("trading_date", DATE),
        "ticker_name": ("ticker_name", ID),
        "report_ticker": ("report_ticker", ID),
        "payout_type": ("payout_type", TEXT),
        "open_interest": ("open_interest_qty", QUANTITY),
        "daily_volume": ("daily_volume_qty", QUANTITY),
        "block_volume": ("block_volume_qty", QUANTITY),
        "high": ("high", DECIMAL),
        "low": ("low", DECIMAL),
        "status": ("status", TEXT),
    },
    "trade_data": {
        "date": ("trading_date", DATE),
        "ticker_name": ("ticker_name", ID),
        "report_ticker": ("report_ticker", ID),
        "create_ts": ("create_utc", TIME),
        "contracts_traded": ("contracts_traded_qty", QUANTITY),
        "price": ("price", DECIMAL),
    },
    "members": {
        "member_id": ("member_id", ID),
        "name": ("name", TEXT),
        "lei": ("lei", ID),
        "affiliate_group": ("affiliate_group", ID),
        "clears_for": ("clears_for", TEXT),
        "status": ("status", TEXT),
    },
    "accounts": {
        "account_id": ("account_id", ID),
        "member_id": ("member_id", ID),
        "origin": ("origin", TEXT),
        "segregation_class": ("segregation_class", TEXT),
        "owner_lei": ("owner_lei", ID),
        "owner_id": ("owner_id", ID),
        "linked_events": ("linked_events", TEXT),
        "margin_permission": ("margin_permission", FALSE),
    },
    "trade_audit": {
        "trade_id": ("trade_id", ID),
        "account_id": ("account_id", ID),
        "side": ("side", TEXT),
        "quantity": ("quantity_qty", QUANTITY),
        "price": ("price_centicents", PRICE),
        "collateralisation": ("collateralisation", TEXT),
        "role": ("role", TEXT),
    },
    "position_snapshot": {
        "cycle": ("cycle", TEXT),
        "account_id": ("account_id", ID),
        "ticker": ("ticker", ID),
        "long": ("long_qty", QUANTITY),
        "short": ("short_qty", QUANTITY),
    },
    "market_price_snapshot": {
        "cycle": ("cycle", TEXT),
        "ticker": ("ticker", ID),
        "settlement_price": ("settlement_price_centicents", PRICE),
        "source": ("source", TEXT),
        "method": ("method", TEXT),
    },
    "settlement_periods": {
        "ticker": ("ticker", ID),
        "result": ("result", TEXT),
        "settlement_value": ("settlement_value_centicents", PRICE),
        "settled_time": ("settled_utc", TIME),
        "revision": ("revision", WHOLE),
    },
    "margin_requirements": {
        "cycle": ("cycle", TEXT),
        "account_id": ("account_id", ID),
        "worst_case_centicents": ("worst_case_centicents", WHOLE),
        "core_centicents": ("core_centicents", WHOLE),
        "add_ons_centicents": ("add_ons_centicents", WHOLE),
        "initial_margin_centicents": ("initial_margin_centicents", WHOLE),
        "maintenance_margin_centicents": ("maintenance_margin_centicents", WHOLE),
        "schedule_version": ("schedule_version", ID),
    },
    "obligations": {
        "cycle": ("cycle", TEXT),
        "account_id": ("account_id", ID),
        "variation_centicents": ("variation_centicents", WHOLE),
        "fees_centicents": ("fees_centicents", WHOLE),
        "margin_change_centicents": ("margin_change_centicents", WHOLE),
        "net_centicents": ("net_centicents", WHOLE),
        "due_time": ("due_utc", TIME),
        "paid_time": ("paid_utc", TIME),
    },
    "margin_calls": {
        "call_id": ("call_id", ID),
        "account_id": ("account_id", ID),
        "cycle": ("cycle", TEXT),
        "issued_time": ("issued_utc", TIME),
        "due_time": ("due_utc", TIME),
        "amount_centicents": ("amount_centicents", WHOLE),
        "met_centicents": ("met_centicents", WHOLE),
        "met_time": ("met_utc", TIME),
        "state": ("state", TEXT),
        "reason": ("reason", TEXT),
        "dispute_stage": ("dispute_stage", TEXT),
        "dispute_outcome": ("dispute_outcome", TEXT),
    },
    "collateral": {
        "account_id": ("account_id", ID),
        "asset_type": ("asset_type", TEXT),
        "custodian": ("custodian", TEXT),
        "quantity": ("quantity", DECIMAL),
        "value_centicents": ("value_centicents", WHOLE),
        "haircut_bps": ("haircut_bps", BPS),
        "segregation": ("segregation", TEXT),
        "reuse": ("reuse", TRUE),
    },
    "guaranty_fund": {
        "member_id": ("member_id", ID),
        "required_centicents": ("required_centicents", WHOLE),
        "deposited_centicents": ("deposited_centicents", WHOLE),
        "assessed_in_period_centicents": ("assessed_in_period_centicents", WHOLE),
    },
    "resources": {
        "layer_order": ("layer_order", WHOLE),
        "layer_id": ("layer_id", ID),
        "layer_type": ("layer_type", TEXT),
        "amount_centicents": ("amount_centicents", WHOLE),
        "cap_multiple_bps": ("cap_multiple_bps", BPS),
        "prefunded": ("prefunded", FALSE),
        "words": ("words", TEXT),
        "period_cap_multiple_bps": ("period_cap_multiple_bps", BPS),
        "period_days": ("period_days", WHOLE),
        "least_centicents": ("least_centicents", WHOLE),
        "fund_share_bps": ("fund_share_bps", BPS),
        "segment": ("segment", TEXT),
    },
    "margin_schedule": {
        "version": ("version", ID),
        "effective_date": ("effective_date", DATE),
        "approver": ("approver", TEXT),
        "reason": ("reason", TEXT),
        "parameters": ("parameters", JSON),
    },
    "overrides": {
        "override_id": ("override_id", ID),
        "figure": ("figure", TEXT),
        "subject": ("subject", TEXT),
        "old_value": ("old_value", TEXT),
        "new_value": ("new_value", TEXT),
        "reason": ("reason", TEXT),
        "requester": ("requester", TEXT),
        "approver": ("approver", TEXT),
        "set_time": ("set_utc", TIME),
        "valid_until_date": ("valid_until_date", DATE),
        "withdrawn_date": ("withdrawn_date", DATE),
    },
    "bids": {
        "auction_id": ("auction_id", ID),
        "lot_id": ("lot_id", ID),
        "member_id": ("member_id", ID),
        "price": ("price", DECIMAL),
        "quantity": ("quantity_qty", QUANTITY),
    },
}
# Columns in which an absent value is not null: text is empty, and these.
ABSENT = {
    "can_close_early": False,
    "fee_type": "quadratic",
    "fee_multiplier_e4": 10_000,
    "rules_secondary": "",
}


def made(tables: Tables, stream: str, *wire_rows: dict[str, str | None]) -> list[dict]:
    """Typed rows of Monday, by line, from landed rows of one file."""
    tables.file(MONDAY, "file", sequence=1)
    for line, row in enumerate(wire_rows, start=1):
        tables.put(f"land.{stream}", MONDAY, **row, file_sha256="file", line=line)
    return typed_rows(tables, stream)


def typed_rows(tables: Tables, stream: str) -> list[dict]:
    answer = tables.connection.execute(
        f"SELECT * FROM ({typed_select(STREAMS[stream])}) ORDER BY line",
        {"business_date": MONDAY},
    )
    names = [column[0] for column in answer.description]
    return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]


def test_every_stream_without_a_file_is_here():
    from_contract = {
        stream.name
        for stream in STREAMS.values()
        if all_tables()[f"validate.{stream.name}"].sql == typed_select(stream)
    }
    assert from_contract == STREAM_CASES.keys()


@pytest.mark.parametrize("stream", STREAM_CASES)
def test_the_longest_texts_become_these_values(tables, stream):
    """Each column once, in the order of the contract, with file and line behind."""
    case = STREAM_CASES[stream]
    wire = {column: text for column, (_, (text, _)) in case.items()}
    values = {name: value for name, (_, value) in case.values()}
    (row,) = made(tables, stream, wire)
    assert row == {"business_date": MONDAY, **values, "file_sha256": "file", "line": 1}
    assert list(row) == ["business_date", *values, "file_sha256", "line"]


@pytest.mark.parametrize("stream", STREAM_CASES)
def test_the_longest_texts_are_accepted_by_the_contract(stream):
    kinds = {column.name: column.kind for column in STREAMS[stream].columns}
    for column, (_, (text, _)) in STREAM_CASES[stream].items():
        assert re.fullmatch(PATTERNS[kinds[column]], text, re.ASCII), column


@pytest.mark.parametrize("stream", STREAM_CASES)
def test_an_absent_value_is_null_and_an_absent_text_is_empty(tables, stream):
    case = STREAM_CASES[stream]
    required = {column.name for column in STREAMS[stream].columns if column.required}
    (row,) = made(tables, stream, {name: case[name][1][0] for name in case if name in required})
    for column, (name, example) in case.items():
        if column not in required:
            assert row[name] == ABSENT.get(name, "" if example is TEXT else None), name


def test_the_newer_generation_counts_and_the_older_stands_in(tables):
    """Cents are 100 centicents; the older names are read where the newer are absent."""
    old = {
        "last_price": "45",
        "open_interest": "7",
        "volume": "8",
        "settlement_value": "50.005",
    }
    new = {
        "last_price_dollars": "0.4550",
        "open_interest_fp": "7.50",
        "volume_fp": "8.25",
        "settlement_value_dollars": "1",
    }
    required = {"event_ticker": "K", "status": "active"}
    rows = [{"ticker": "A", **old}, {"ticker": "B", **old, **new}]
    names = ["last_price_centicents", "open_interest_qty", "volume_qty"]
    names.append("settlement_value_centicents")
    typed = made(tables, "markets", *(required | row for row in rows))
    assert [[row[name] for name in names] for row in typed] == [
        [4500, 700, 800, 5001],
        [4550, 750, 825, 10_000],
    ]


def test_the_file_of_trades_casts_like_the_contract(tables):
    """What ``sql/validate/trades.sql`` says again of the tape gives the same values."""
    tables.file(MONDAY, "file", sequence=1)
    tables.trade(MONDAY, "file", 1, "third", yes_price_dollars="0.123456", count_fp="0.50")
    second = {"count_fp": None, "yes_price_dollars": None, "no_price_dollars": None}
    tables.trade(MONDAY, "file", 2, "first", **second, count="3", yes_price="40", no_price="60")
    tables.make(MONDAY, "validate.trades")
    columns = ("trade_id", "traded_utc", "count_qty", "yes_price_centicents", "no_price_centicents")
    by_file = tables.rows("validate.trades", MONDAY, *columns)
    rows = sorted(typed_rows(tables, "trades"), key=lambda row: row["trade_id"])
    assert by_file == [tuple(row[column] for column in columns) for row in rows]
    assert [row[2:] for row in by_file] == [(300, 4000, 6000), (50, 1234, 6000)]


@pytest.mark.parametrize(
    ("stream", "key", "value", "counts"),
    [
        ("guaranty_fund", {"member_id": "M"}, "required_centicents", 4),
        # A later line of a file is a later state.
        ("events", {"event_ticker": "M", "series_ticker": "S"}, "title", 5),
    ],
)
def test_of_rows_with_one_key_the_last_file_counts(tables, stream, key, value, counts):
    """Sequence 3 beats 2; of two files of sequence 3 the first by hash counts; a file that was
    refused and another date do not count."""
    for name, sequence in (("z", 2), ("b", 3), ("c", 3)):
        tables.file(MONDAY, name, sequence)
    tables.put("land.files", MONDAY, file_sha256="a", sequence=9, status="REFUSED")
    tables.file(TUESDAY, "d", 10)
    for number, (day, name, line) in enumerate(
        [
            (MONDAY, "z", 9),
            (MONDAY, "c", 1),
            (MONDAY, "a", 1),
            (MONDAY, "b", 2),
            (MONDAY, "b", 3),
            (TUESDAY, "d", 1),
        ],
        start=1,
    ):
        row = key | {value: str(number)}
        tables.put(f"land.{stream}", day, file_sha256=name, line=line, **row)
    (row,) = typed_rows(tables, stream)
    assert str(row[value]) == str(counts)


def test_rows_without_a_key_are_all_kept(tables):
    row = {column: text for column, (_, (text, _)) in STREAM_CASES["trade_data"].items()}
    assert len(made(tables, "trade_data", row, row)) == 2


def _numbers() -> Iterator[tuple[str, Decimal, str]]:
    """Kind, factor to the unit of the lake, and rounding."""
    yield "whole", Decimal(1), ROUND_FLOOR
    yield "bps", Decimal(1), ROUND_FLOOR
    yield "quantity", Decimal(100), ROUND_FLOOR
    yield "cents", Decimal(100), ROUND_FLOOR
    yield "price", Decimal(10_000), ROUND_FLOOR
    yield "rounded_price", Decimal(10_000), ROUND_HALF_UP
    yield "multiplier", Decimal(10_000), ROUND_HALF_UP


@pytest.mark.parametrize(("kind", "factor", "rounding"), list(_numbers()), ids=lambda v: str(v))
def test_any_accepted_number_is_multiplied_exactly(kind, factor, rounding):
    connection = duckdb.connect()
    sql = f"SELECT {typed_value(Column('value', kind, 'number'), '$text')}"

    @settings(max_examples=60, deadline=None)
    @given(st.from_regex(re.compile(PATTERNS[kind], re.ASCII), fullmatch=True))
    def cast(text: str) -> None:
        ((value,),) = connection.execute(sql, {"text": text}).fetchall()
        assert value == int((Decimal(text) * factor).quantize(Decimal(1), rounding))

    cast()
