"""What cover-1 and cover-2 are held against: prefunded resources without who defaults, and what
counts of assessments on the others.

Resources made by hand: own capital 500, insurance 200 and the fund of 3 groups, of which
ALDER deposited 40 + 21, BIRCH 30 and CEDAR 50; a member can be called for half of its deposit in
one layer and a tenth in another; credit is not prefunded. The whole pipeline shows the same in
docs/tiny-day.md.
"""

from dataclasses import replace
from datetime import date

import pytest
from support.hand_rows import HandDay

from reporting.stages.stress.resources import read_resources

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
        ("assessment", 0, False, 5_000),
        ("assessment", 0, False, 1_000),
        ("facility", 9_000, False),
    )
    for order, (kind, amount, prefunded, *cap) in enumerate(layers, start=1):
        tables.put(
            "validate.resources",
            MON,
            layer_order=order,
            layer_id=f"L{order}",
            layer_type=kind,
            amount_centicents=amount,
            cap_multiple_bps=cap[0] if cap else None,
            prefunded=prefunded,
            words=kind,
        )
    members = (
        ("ALD", "ALDER", 40),
        ("ALE", "ALDER", 21),
        ("BIR", "BIRCH", 30),
        ("CED", "CEDAR", 50),
    )
    for member, group, deposited in members:
        tables.put("validate.members", MON, member_id=member, affiliate_group=group)
        tables.put("validate.guaranty_fund", MON, member_id=member, deposited_centicents=deposited)
    return read_resources(HandDay(tables, MON))


GROUPS = ["ALDER", "BIRCH", "CEDAR"]


@pytest.mark.parametrize(
    ("gone", "prefunded", "called"),
    [
        # Half and a tenth, each rounded down: ALD 20 + 4, ALE 10 + 2, BIR 15 + 3, CED 25 + 5.
        ([], 500 + 200 + 40 + 21 + 30 + 50, 24 + 12 + 18 + 30),
        ([0], 500 + 200 + 30 + 50, 18 + 30),
        ([1], 500 + 200 + 40 + 21 + 50, 24 + 12 + 30),
        ([0, 1], 500 + 200 + 50, 30),
    ],
)
def test_a_defaulting_group_neither_pays_in_nor_is_called(resources, gone, prefunded, called):
    found = resources.financial(GROUPS)
    assert found.prefunded_without(gone) == prefunded
    assert found.callable_without(gone) == called


def test_a_fund_that_is_not_prefunded_counts_for_nothing(resources):
    layers = [replace(x, prefunded=x.kind != "survivors_fund") for x in resources.layers]
    found = replace(resources, layers=layers).financial(GROUPS)
    assert found.prefunded_without([]) == 700
    # Who can be called for how much stays what it was.
    assert found.callable_without([]) == 84


def test_facilities_are_listed_in_the_order_of_the_layers_with_their_notice(resources):
    """Insurance and assessments pay too late; deposits of all members are at hand."""
    found = resources.facilities({"L8": 4}.__getitem__)
    assert [(x.facility_id, x.capacity, x.notice_hours) for x in found] == [
        ("L3", 500, 0),
        ("L4", 141, 0),
        ("L8", 9_000, 4),
    ]


@pytest.mark.parametrize(
    ("cover_1", "cover_2", "rules"),
    [
        # 780 and 33 of assessments are left when ALDER defaults, 750 when BIRCH does too; there
        # the 21 of assessments do not count
        (750, 750, []),
        (750, 751, ["STRESS-COVER-2"]),
        # more than what two defaults leave, but not more than one leaves
        (751, 820, ["STRESS-COVER-2"]),
        (813, 820, ["STRESS-COVER-2"]),
        # two requirements, each broken: a check that is kept must be true
        (814, 820, ["STRESS-COVER-1", "STRESS-COVER-2"]),
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
        cover_1_assessments_centicents=33,
        cover_2_centicents=cover_2,
        cover_2_groups="ALDER, BIRCH",
        prefunded_centicents=750,
        assessments_centicents=21,
    )
    found = [rule for rule in ("STRESS-COVER-1", "STRESS-COVER-2") if tables.found(rule, MON)]
    assert found == rules
