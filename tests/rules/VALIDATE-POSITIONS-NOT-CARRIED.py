"""The positions of the previous business date were not made."""

from datetime import date

import pytest

from rules.rows import FRI, MON, TUE

RULE = "VALIDATE-POSITIONS-NOT-CARRIED"
WED, THU = date(2026, 4, 29), date(2026, 4, 30)
FOUND = [("2026-05-01", "", None)]


def test_a_previous_date_with_trades_has_positions(tables):
    for day in (MON, TUE):
        tables.put("recompute.days", day, previous_business_date=FRI)
        tables.put("land.files", day, stream="trades", rows_claimed=1)
        assert tables.found(RULE, MON) == []  # Monday is the first date
    tables.put("recompute.days", FRI)
    tables.put("land.files", THU, stream="trades", rows_claimed=1)
    tables.put("land.files", FRI, stream="members", rows_claimed=1)
    tables.put("land.files", FRI, stream="trades", rows_claimed=0)
    assert tables.found(RULE, MON) == []  # nothing was traded
    tables.put("land.files", FRI, stream="trade_audit", rows_claimed=1)
    assert tables.found(RULE, MON) == FOUND
    tables.put("recompute.positions", MON, closing_qty=1)
    assert tables.found(RULE, MON) == FOUND  # today's own positions are not Friday's
    tables.put("recompute.positions", FRI, closing_qty=0)
    assert tables.found(RULE, MON) == []


def test_trades_of_the_tape_alone_are_enough(tables):
    tables.put("recompute.days", FRI)
    tables.put("land.files", FRI, stream="trades", rows_claimed=1)
    assert tables.found(RULE, MON) == FOUND


@pytest.mark.parametrize("held", [1, -1])
def test_positions_held_before_are_carried_also_without_trades(tables, held):
    for day, previous in ((THU, WED), (FRI, THU), (MON, FRI)):
        tables.put("recompute.days", day, previous_business_date=previous)
    for day in (WED, MON):
        tables.put("recompute.positions", day, closing_qty=1)
    tables.put("recompute.positions", THU, closing_qty=0)
    assert tables.found(RULE, MON) == []
    tables.put("recompute.positions", THU, closing_qty=held)
    assert tables.found(RULE, MON) == FOUND
