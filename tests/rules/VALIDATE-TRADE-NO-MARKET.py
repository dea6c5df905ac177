"""A market was traded of which no terms have arrived."""

import pytest

from rules.rows import FRI, MON, TUE, put, put_on_other_dates

RULE = "VALIDATE-TRADE-NO-MARKET"


def test_terms_of_the_date_or_an_earlier_one(tables):
    for day, ticker in ((FRI, "K-FRIDAY"), (MON, "K-MONDAY"), (TUE, "K-TUESDAY")):
        put(tables, "validate.markets", 1, day=day, ticker=ticker)
    traded = ["K-FRIDAY", "K-MONDAY", "K-TUESDAY", "K-NEVER", "K-NEVER"]
    for line, ticker in enumerate(traded, start=1):
        put(tables, "validate.trades", line, ticker=ticker)
    put_on_other_dates(tables, "validate.trades", 6, ticker="K-OTHER-DATES")
    # A market is named once, with its first trade.
    assert tables.found(RULE, MON) == [("K-NEVER", "mon", 4), ("K-TUESDAY", "mon", 3)]


@pytest.mark.xfail(strict=True, reason="the smallest hash and line are of different rows")
def test_file_and_line_are_of_one_row(tables):
    for file, line in (("a", 5), ("b", 2)):
        put(tables, "validate.trades", line, file_sha256=file)
    ((_, file, line),) = tables.found(RULE, MON)
    assert (file, line) in {("a", 5), ("b", 2)}
