"""Every injected error is found and named, and nothing else is flagged.

The simulator's margin is separate plain code and its list of errors is written beside
its data, so neither the figures nor the expected findings come from the system under test.
"""

from collections import Counter

import pytest
from support import venues

from reporting.lake import open_lake

KINDS = {
    "WRONG_POSITION",
    "STALE_MARK",
    "MISSED_NETTING",
    "WRONG_PARAMETER",
    "MISSING_ACCOUNT",
    "LATE_CALL",
    "UNDER_CHARGED",
    "WRONG_WORST_CASE",
    "WRONG_CORE",
    "SHORT_CALL",
    "MISSING_MARK",
}
SEEDS = venues.seeds(20)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_error_is_found_and_nothing_else(ran_venue, seed):
    """The findings of severity WARN and ERROR are exactly the list of injected errors.

    Fails when an error is missed, named by another rule or subject, found on another day,
    or when anything else at all is flagged.
    """
    settings = ran_venue(seed)
    wanted = Counter(
        (error["business_date"], error["rule_id"], error["subject"])
        for error in venues.injected(settings.input)
    )
    with open_lake(settings, read_only=True) as lake:
        rows = venues.findings(lake)
    found = Counter(
        (row["business_date"].isoformat(), row["rule_id"], row["subject"]) for row in rows
    )
    assert found - wanted == Counter(), "flagged, but nothing is wrong with it"
    assert wanted - found == Counter(), "injected, but not found"
    assert all(row["state"] == "OPEN" and row["owner"] for row in rows)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_venues_hold_every_kind_of_error(ran_venue, seed):
    """The test above looks at every kind: none was left out for want of a place."""
    assert {error["kind"] for error in venues.injected(ran_venue(seed).input)} == KINDS


@pytest.mark.slow
def test_a_clean_venue_gives_no_finding_and_every_account_matches(ran_venue):
    """Without injected errors nothing is flagged, and margin and cash agree to the centicent."""
    days = 4
    settings = ran_venue(101, days, errors=False)
    assert venues.injected(settings.input) == []
    with open_lake(settings, read_only=True) as lake:
        assert venues.findings(lake) == []
        statuses = lake.connection.execute(
            "SELECT business_date, status, cause, difference_centicents, count(*)"
            " FROM recompute.margin_breaks GROUP BY ALL ORDER BY ALL"
        ).fetchall()
        held = lake.connection.execute(
            "SELECT business_date, count(DISTINCT account_id) FROM recompute.positions"
            " WHERE closing_qty <> 0 GROUP BY ALL ORDER BY ALL"
        ).fetchall()
        breaks = lake.connection.execute(
            "SELECT (SELECT count(*) FROM recompute.position_breaks),"
            " (SELECT count(*) FROM recompute.obligation_breaks),"
            " (SELECT count(*) FROM recompute.call_breaks)"
        ).fetchone()
    assert len(held) == days
    assert statuses == [(day, "MATCH", "NONE", 0, accounts) for day, accounts in held]
    assert breaks == (0, 0, 0)
