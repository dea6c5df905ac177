"""The key rule over every stream of the contract that has a key; hand rows."""

from datetime import date

import pytest

from reporting.contract import STREAMS
from reporting.contract.streams.vocabulary import Stream

MONDAY = date(2026, 5, 4)
RULE = "VALIDATE-DUPLICATE-KEY"

# Subject after the name of the stream; each part of the key is the name of its column.
SUBJECTS = {
    "market_data": "date/ticker_name",
    "members": "member_id",
    "accounts": "account_id",
    "trade_audit": "trade_id/side",
    "position_snapshot": "cycle/account_id/ticker",
    "market_price_snapshot": "cycle/ticker",
    "settlement_periods": "ticker/revision",
    "margin_requirements": "cycle/account_id",
    "obligations": "cycle/account_id",
    "margin_calls": "call_id",
    "collateral": "account_id/asset_type/custodian",
    "guaranty_fund": "member_id",
    "resources": "layer_id",
    "margin_schedule": "version",
    "bids": "auction_id/lot_id/member_id",
    "overrides": "override_id",
    "benchmarks": "series_id/date/exchange/product_code/start_period/end_period/trade_date"
    "/product_type/put_call/strike_price/contract_year/contract_month",
}


def key_of(stream: Stream) -> dict[str, str]:
    return {column: column for column in stream.key}


@pytest.mark.parametrize(("name", "key"), SUBJECTS.items(), ids=SUBJECTS)
def test_two_rows_of_a_key_in_one_file_are_found(tables, name, key):
    """The later line is named. The same key in another file is a correction."""
    row = key_of(STREAMS[name])
    for file, line in (("twice", 2), ("twice", 5), ("once", 2)):
        tables.put(f"land.{name}", MONDAY, **row, file_sha256=file, line=line)
    assert tables.found(RULE, MONDAY) == [(f"{name}: {key}", "twice", 5)]


@pytest.mark.parametrize(
    ("name", "column"), [(name, column) for name in SUBJECTS for column in STREAMS[name].key]
)
def test_rows_that_differ_in_any_part_of_the_key_are_two_rows(tables, name, column):
    row = key_of(STREAMS[name])
    for line, value in ((2, "a"), (3, "b")):
        values = row | {column: value}
        tables.put(f"land.{name}", MONDAY, **values, file_sha256="file", line=line)
    assert tables.found(RULE, MONDAY) == []


def test_only_pages_of_the_public_api_may_repeat_a_key(tables):
    """They overlap and tell later states; conflicts among them have rules of their own."""
    repeating = {"trades", "markets", "events", "series"}
    keyed = {stream.name for stream in STREAMS.values() if stream.key}
    assert keyed == SUBJECTS.keys() | repeating
    for name in sorted(repeating):
        for line in (1, 2):
            row = key_of(STREAMS[name])
            tables.put(f"land.{name}", MONDAY, **row, file_sha256="file", line=line)
    assert tables.found(RULE, MONDAY) == []
