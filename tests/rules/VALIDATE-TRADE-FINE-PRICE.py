"""A trade price is finer than a centicent, which money in the books cannot carry."""

import pytest

from rules.rows import FRI, MON, TUE, put

RULE = "VALIDATE-TRADE-FINE-PRICE"


def trade(tables, line, trade_id, day=MON, kept=True, **prices):
    tables.trade(day, f"{day:%a}".lower(), line, trade_id, **prices)
    if kept:
        put(tables, "validate.trades", line, day=day, trade_id=trade_id)


def test_the_price_of_a_record_that_counts_has_four_decimals(tables):
    trade(tables, 1, "a centicent", yes_price_dollars="0.4001")
    trade(tables, 8, "a dollar", yes_price_dollars="1.0000")
    trade(tables, 2, "zeros", yes_price_dollars="0.400100")
    trade(tables, 3, "finer", yes_price_dollars="0.40001")
    trade(tables, 4, "finest", yes_price_dollars="0.400001")
    trade(tables, 5, "in cents", yes_price_dollars=None, yes_price="40")
    trade(tables, 6, "corrected", kept=False, yes_price_dollars="0.40001")
    for day in (FRI, TUE):
        trade(tables, 7, "other dates", day=day, yes_price_dollars="0.40001")
    # Neither the same line of another file or date nor another line of the file makes it count.
    for name in ("aaa", "zzz"):
        put(tables, "validate.trades", 6, file_sha256=name)
    for day in (FRI, TUE):
        put(tables, "validate.trades", 6, day=day, file_sha256="mon")
    assert tables.found(RULE, MON) == [("finer", "mon", 3), ("finest", "mon", 4)]


@pytest.mark.xfail(strict=True, reason="the rule looks at the YES price only")
def test_a_no_price_can_be_too_fine_as_well(tables):
    trade(tables, 1, "t1", no_price_dollars="0.60005")
    assert tables.found(RULE, MON) == [("t1", "mon", 1)]
