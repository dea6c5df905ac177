"""Trades alike in everything but their id: one order that swept several makers."""

from datetime import datetime

import pytest

from rules.rows import FRI, MON, TUE, put

RULE = "VALIDATE-TRADE-SWEEP"
NEXT_UTC = datetime(2026, 5, 4, 16, 0, 1)
OTHER = [
    {"ticker": "K-B"},
    {"traded_utc": NEXT_UTC},
    {"count_qty": 1_001},
    {"yes_price_centicents": 4_001},
    {"taker_side": "no"},
]


def test_a_trade_that_differs_in_one_value_is_no_sweep(tables):
    for line, values in enumerate([{}, *OTHER], start=1):
        put(tables, "validate.trades", line, trade_id=f"t{line}", **values)
    for day in (FRI, TUE):
        put(tables, "validate.trades", 1, day=day, trade_id=f"{day}")
    assert tables.found(RULE, MON) == []


def test_two_and_three_alike_are_one_finding_each(tables):
    for line in (2, 3):
        put(tables, "validate.trades", line, trade_id=f"t{line}")
    for line in (4, 5, 6):
        put(tables, "validate.trades", line, trade_id=f"t{line}", traded_utc=NEXT_UTC)
    assert tables.found(RULE, MON) == [
        ("K-A 2026-05-04 16:00:00", "mon", 2),
        ("K-A 2026-05-04 16:00:01", "mon", 4),
    ]


@pytest.mark.xfail(strict=True, reason="the smallest hash and line are of different rows")
def test_file_and_line_are_of_one_row(tables):
    for file, line in (("a", 5), ("b", 2)):
        put(tables, "validate.trades", line, file_sha256=file)
    ((_, file, line),) = tables.found(RULE, MON)
    assert (file, line) in {("a", 5), ("b", 2)}
