"""One file holds two rows with the same key."""

import pytest

from rules.rows import MON, put, put_on_other_dates

RULE = "VALIDATE-DUPLICATE-KEY"
KEYS = {
    "market_data": {"date": "2026-05-04", "ticker_name": "K-A"},
    "members": {"member_id": "M1"},
    "accounts": {"account_id": "A1"},
    "trade_audit": {"trade_id": "t1", "side": "yes"},
    "position_snapshot": {"cycle": "EOD", "account_id": "A1", "ticker": "K-A"},
    "market_price_snapshot": {"cycle": "EOD", "ticker": "K-A"},
    "settlement_periods": {"ticker": "K-A", "revision": "1"},
    "margin_requirements": {"cycle": "EOD", "account_id": "A1"},
    "obligations": {"cycle": "EOD", "account_id": "A1"},
    "margin_calls": {"call_id": "C1"},
    "collateral": {"account_id": "A1", "asset_type": "cash", "custodian": "bank"},
    "guaranty_fund": {"member_id": "M1"},
    "resources": {"layer_id": "L1"},
    "margin_schedule": {"version": "v1"},
    "bids": {"auction_id": "X1", "lot_id": "L1", "member_id": "M1"},
    "overrides": {"override_id": "O1"},
    "benchmarks": {
        "series_id": "VIX",
        "date": "2026-05-04",
        "exchange": "XCME",
        "product_code": "ES",
        "start_period": "05/2026",
        "end_period": "06/2026",
        "trade_date": "20260504",
        "product_type": "O",
        "put_call": "C",
        "strike_price": "1200",
        "contract_year": "2026",
        "contract_month": "6",
    },
}


@pytest.mark.parametrize("stream", KEYS)
def test_two_rows_with_the_whole_key_in_one_file(tables, stream):
    table, key = f"land.{stream}", KEYS[stream]
    put(tables, table, 2, **key)
    for line, column in enumerate(key, start=3):  # one part of the key is another
        put(tables, table, line, **key | {column: "other"})
    put(tables, table, 2, file_sha256="next file", **key)
    put_on_other_dates(tables, table, 20, file_sha256="mon", **key)
    assert tables.found(RULE, MON) == []
    for line in (30, 31):  # the first row counts, and the finding names the last
        put(tables, table, line, **key)
        assert tables.found(RULE, MON) == [(f"{stream}: {'/'.join(key.values())}", "mon", line)]
