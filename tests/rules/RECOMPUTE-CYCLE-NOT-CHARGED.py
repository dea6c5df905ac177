"""The clearing house sent prices of a cycle but no margin requirements."""

from rules.days import BEFORE, DAY, NO_LINE, put


def test_cycles_without_any_margin_of_the_date(tables):
    for cycle in ("10:00", "14:00"):
        put(tables, "recompute.cycles", cycle=cycle)
    # The margin of one account is enough. The margin of another date does not count.
    put(tables, "recompute.cycle_breaks", cycle="10:00")
    put(tables, "recompute.cycle_breaks", BEFORE, cycle="14:00")
    put(tables, "recompute.cycles", BEFORE, cycle="18:00")
    assert tables.found("RECOMPUTE-CYCLE-NOT-CHARGED", DAY) == [("14:00", *NO_LINE)]
