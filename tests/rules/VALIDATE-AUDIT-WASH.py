"""One account stands on both sides of a trade."""

import pytest

from rules.rows import MON, put, put_on_other_dates


def test_the_same_account_on_both_sides(tables):
    sides = [("wash", "A1"), ("wash", "A1"), ("two accounts", "A1"), ("two accounts", "A2")]
    for line, (trade_id, account_id) in enumerate(sides, start=2):
        put(tables, "validate.trade_audit", line, trade_id=trade_id, account_id=account_id)
    # One side alone is VALIDATE-AUDIT-INCOMPLETE, also when the other arrives on another date.
    put(tables, "validate.trade_audit", 6, trade_id="one side")
    put_on_other_dates(tables, "validate.trade_audit", 7, trade_id="one side", side="no")
    put_on_other_dates(tables, "validate.trade_audit", 8, trade_id="other dates")
    put_on_other_dates(tables, "validate.trade_audit", 9, trade_id="other dates", side="no")
    assert tables.found("VALIDATE-AUDIT-WASH", MON) == [("wash", "mon", 2)]


@pytest.mark.xfail(strict=True, reason="the smallest hash and line are of different rows")
def test_file_and_line_are_of_one_row(tables):
    for file, line in (("a", 5), ("b", 2)):
        put(tables, "validate.trade_audit", line, file_sha256=file)
    ((_, file, line),) = tables.found("VALIDATE-AUDIT-WASH", MON)
    assert (file, line) in {("a", 5), ("b", 2)}
