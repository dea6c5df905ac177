"""The two largest shortfalls of member groups exceed prefunded resources; no assessment counts."""

from rules.days import BEFORE, DAY, NO_LINE, put

TABLE = "stress.cover"


def test_a_centicent_beyond_prefunded_resources(tables):
    # Resources are 70 prefunded; the 30 of assessments do not count (17 CFR 39.33(b)).
    put(tables, TABLE, scenario_id="S-1", cover_2_centicents=71)
    put(tables, TABLE, scenario_id="S-2", cover_2_centicents=70)
    # Cover-1 has a rule of its own.
    put(tables, TABLE, scenario_id="S-3", cover_2_centicents=70, cover_1_centicents=101)
    put(tables, TABLE, BEFORE, scenario_id="S-4", cover_2_centicents=71)
    assert tables.found("STRESS-COVER-2", DAY) == [("S-1", *NO_LINE)]


def test_resources_of_the_other_cover_do_not_count(tables):
    resources = {"cover_1_prefunded_centicents": 900, "cover_1_assessments_centicents": 900}
    put(tables, TABLE, scenario_id="S-1", cover_2_centicents=71, **resources)
    assert tables.found("STRESS-COVER-2", DAY) == [("S-1", *NO_LINE)]
