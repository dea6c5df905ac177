"""Initial margin takes up more of the eligible collateral than the policy share."""

import pytest

from rules.days import BEFORE, DAY, NO_LINE, put

RULE = "RECOMPUTE-UTILISATION"


def _venue(tables, margin, held, day=DAY, kind="venue", scope=""):
    for metric, value in (("initial_margin", margin), ("eligible_collateral", held)):
        metrics = {"scope_kind": kind, "scope": scope, "metric": metric, "value": value}
        put(tables, "recompute.metrics", day, **metrics)


@pytest.mark.parametrize(
    "margin, held, found",
    [
        # The policy share is 80 %.
        (80_001, 100_000, [("venue", *NO_LINE)]),
        (80_000, 100_000, []),
        # Without collateral there is no share, but nothing is left either.
        (1, 0, [("venue", *NO_LINE)]),
        (0, 0, []),
        # The largest amounts that the lake can hold.
        (8 * 10**17 + 1, 10**18, [("venue", *NO_LINE)]),
    ],
)
def test_a_centicent_above_the_share(tables, margin, held, found):
    put(tables, "recompute.thresholds", utilisation_bps=8_000)
    put(tables, "recompute.thresholds", BEFORE, utilisation_bps=1)
    _venue(tables, margin, held)
    # Another date and a single member do not count, however little is left.
    _venue(tables, 5, 1, day=BEFORE)
    _venue(tables, 5, 1, kind="member", scope="M-1")
    # Collateral is compared only within the venue itself.
    for kind, scope in (("venue", "other"), ("member", "")):
        row = {"scope_kind": kind, "scope": scope, "value": 0}
        put(tables, "recompute.metrics", metric="eligible_collateral", **row)
    put(tables, "recompute.metrics", scope_kind="venue", scope="", metric="core", value=2)
    assert tables.found(RULE, DAY) == found
