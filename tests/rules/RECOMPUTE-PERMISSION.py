"""An account without permission to use margin holds a margined position."""

from rules.days import BEFORE, DAY, NO_LINE, put


def test_accounts_with_unpermitted_positions_on_the_date(tables):
    unpermitted = {"metric": "unpermitted_positions", "value": 1}
    put(tables, "recompute.metrics", scope="A-1", **unpermitted)
    put(tables, "recompute.metrics", scope="A-2", metric="initial_margin", value=1)
    put(tables, "recompute.metrics", BEFORE, scope="A-3", **unpermitted)
    assert tables.found("RECOMPUTE-PERMISSION", DAY) == [("A-1", *NO_LINE)]
