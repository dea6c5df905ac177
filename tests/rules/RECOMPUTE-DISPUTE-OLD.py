"""A dispute of a margin call has had no outcome for more days than the policy allows."""

from rules.days import BEFORE, DAY, put

TABLE = "recompute.call_ages"


def test_a_day_more_than_the_policy_of_the_date_allows(tables):
    put(tables, "recompute.thresholds", dispute_days=10)
    put(tables, "recompute.thresholds", BEFORE, dispute_days=5)
    dispute = {"in_dispute": True, "disputed_since": BEFORE}
    old = dispute | {"days_in_dispute": 11}
    put(tables, TABLE, call_id="C-1", line=1, **old)
    # On the tenth day it is still in time.
    put(tables, TABLE, call_id="C-2", line=2, **dispute | {"days_in_dispute": 10})
    # Decided, and gone from the feed (RECOMPUTE-CALL-VANISHED).
    put(tables, TABLE, call_id="C-3", line=3, **old | {"in_dispute": False})
    put(tables, TABLE, call_id="C-4", line=4, **old | {"delivered": False})
    put(tables, TABLE, BEFORE, call_id="C-5", line=5, **old)
    assert tables.found("RECOMPUTE-DISPUTE-OLD", DAY) == [("C-1", "calls", 1)]
