"""What cover-1 and cover-2 are held against: prefunded resources without who defaults.

Resources made by hand: own capital 500, insurance 200 and the fund of 3 groups, of which
ALDER deposited 40 + 20, BIRCH 30 and CEDAR 50; assessments and credit are not prefunded.
The whole pipeline shows the same numbers in docs/tiny-day.md.
"""

from datetime import date

import pytest

from pipeline.hand_rows import HandDay
from reporting.pipeline.drill import read_resources

MON = date(2026, 5, 4)

pytestmark = pytest.mark.xdist_group("venue-0")


@pytest.fixture
def resources(tables):
    layers = (
        ("defaulter_margin", 0, True),
        ("defaulter_fund", 0, True),
        ("own_capital", 500, True),
        ("survivors_fund", 0, True),
        ("insurance", 200, True),
        ("assessment", 0, False),
        ("facility", 9_000, False),
    )
    for order, (kind, amount, prefunded) in enumerate(layers, start=1):
        tables.put(
            "validate.resources",
            MON,
            layer_order=order,
            layer_id=f"L{order}",
            layer_type=kind,
            amount_centicents=amount,
            prefunded=prefunded,
            words=kind,
        )
    members = (
        ("ALD", "ALDER", 40),
        ("ALE", "ALDER", 20),
        ("BIR", "BIRCH", 30),
        ("CED", "CEDAR", 50),
    )
    for member, group, deposited in members:
        tables.put("validate.members", MON, member_id=member, affiliate_group=group)
        tables.put("validate.guaranty_fund", MON, member_id=member, deposited_centicents=deposited)
    return read_resources(HandDay(tables, MON))


@pytest.mark.parametrize(
    ("groups", "prefunded"),
    [
        ([], 500 + 200 + 40 + 20 + 30 + 50),
        (["ALDER"], 500 + 200 + 30 + 50),
        (["BIRCH"], 500 + 200 + 40 + 20 + 50),
        (["ALDER", "BIRCH"], 500 + 200 + 50),
    ],
)
def test_the_fund_of_a_defaulting_group_is_not_prefunded(resources, groups, prefunded):
    assert resources.prefunded_without(groups) == prefunded


@pytest.mark.parametrize(
    ("cover_1", "cover_2", "rules"),
    [
        # 780 are left when ALDER defaults, 750 when BIRCH does too
        (750, 750, []),
        (750, 751, ["STRESS-COVER-2"]),
        # more than what two defaults leave, but not more than one leaves
        (751, 800, ["STRESS-COVER-2"]),
        (780, 800, ["STRESS-COVER-2"]),
        # two requirements, each broken: a check that is kept must be true
        (781, 800, ["STRESS-COVER-1", "STRESS-COVER-2"]),
    ],
)
def test_cover_1_is_held_against_what_one_default_leaves(tables, cover_1, cover_2, rules):
    tables.put(
        "stress.cover",
        MON,
        scenario_id="S",
        cover_1_centicents=cover_1,
        cover_1_group="ALDER",
        cover_1_prefunded_centicents=780,
        cover_2_centicents=cover_2,
        cover_2_groups="ALDER, BIRCH",
        prefunded_centicents=750,
    )
    found = [rule for rule in ("STRESS-COVER-1", "STRESS-COVER-2") if tables.found(rule, MON)]
    assert found == rules
