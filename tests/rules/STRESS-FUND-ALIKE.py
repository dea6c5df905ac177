"""Contributions alike for unlike risks."""

import pytest

from rules.days import BEFORE, DAY, NO_LINE, put

TABLE = "stress.fund_sizing"
POLICY = {"alike_bps": 12_500, "unlike_bps": 30_000, "held_qty": 1}


@pytest.mark.parametrize(
    ("deposits", "risks", "found"),
    [
        # 125 is 1.25 times 100; 300 is three times 100.
        ((100, 125), (100, 300), True),
        ((100, 126), (100, 300), False),
        ((100, 125), (100, 299), False),
        ((100, 100), (0, 1), True),
        # One member alone is alike nobody.
        ((100,), (100,), False),
    ],
)
def test_deposits_within_a_quarter_for_risks_apart_by_three(tables, deposits, risks, found):
    for number, (deposit, risk) in enumerate(zip(deposits, risks, strict=True)):
        row = {"deposited_centicents": deposit, "risk_share_bps": risk}
        put(tables, TABLE, member_id=f"M{number}", **row, **POLICY)
        put(tables, TABLE, BEFORE, member_id=f"M{number}", deposited_centicents=1, **POLICY)
    subjects = [("all members", *NO_LINE)] if found else []
    assert tables.found("STRESS-FUND-ALIKE", DAY) == subjects


def test_members_without_a_position_are_left_out(tables):
    put(tables, TABLE, deposited_centicents=100, risk_share_bps=300, **POLICY)
    idle = POLICY | {"held_qty": 0}
    put(tables, TABLE, deposited_centicents=100, risk_share_bps=0, **idle)
    assert tables.found("STRESS-FUND-ALIKE", DAY) == []
