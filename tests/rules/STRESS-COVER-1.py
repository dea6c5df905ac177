"""The largest shortfall of a member group exceeds the resources that count."""

from rules.days import BEFORE, DAY, NO_LINE, put

TABLE = "stress.cover"


def test_a_centicent_beyond_prefunded_resources_and_assessments(tables):
    # Resources are 70 prefunded and 30 of assessments.
    put(tables, TABLE, scenario_id="S-1", cover_1_centicents=101)
    put(tables, TABLE, scenario_id="S-2", cover_1_centicents=100)
    # Cover-2 has a rule of its own.
    put(tables, TABLE, scenario_id="S-3", cover_1_centicents=100, cover_2_centicents=101)
    put(tables, TABLE, BEFORE, scenario_id="S-4", cover_1_centicents=101)
    assert tables.found("STRESS-COVER-1", DAY) == [("S-1", *NO_LINE)]


def test_resources_of_the_other_cover_do_not_count(tables):
    resources = {"prefunded_centicents": 900, "assessments_centicents": 900}
    put(tables, TABLE, scenario_id="S-1", cover_1_centicents=101, **resources)
    assert tables.found("STRESS-COVER-1", DAY) == [("S-1", *NO_LINE)]
