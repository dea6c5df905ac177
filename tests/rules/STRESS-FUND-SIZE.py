"""A deposit below the policy share of what a member's risk requires."""

from rules.days import BEFORE, DAY, NO_LINE, put

TABLE = "stress.fund_sizing"
HALF = {"required_centicents": 201, "least_share_bps": 5_000}


def test_less_than_half_of_the_requirement(tables):
    # Half of 201 is 100.5.
    put(tables, TABLE, member_id="short", deposited_centicents=100, **HALF)
    put(tables, TABLE, member_id="enough", deposited_centicents=101, **HALF)
    put(tables, TABLE, BEFORE, member_id="earlier", deposited_centicents=0, **HALF)
    assert tables.found("STRESS-FUND-SIZE", DAY) == [("short", *NO_LINE)]
