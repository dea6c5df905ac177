"""A review's conclusions on stress, liquidity and findings, from rows made by hand."""

import pytest
from support.review_rows import (
    ALL,
    DOLLAR,
    asked,
    at,
    cover,
    finding,
    liquidity,
    metric,
    reverse,
    said,
    verdicts,
    window_of,
)

from reporting.errors import UserError
from reporting.packs.document.markdown import markdown, plain
from reporting.studies.risk_review.document import check_window, document
from reporting.studies.risk_review.findings import findings_section
from reporting.studies.risk_review.gaps import gaps_section
from reporting.studies.risk_review.liquidity import liquidity_section
from reporting.studies.risk_review.parts import Verdict, median, money_in_words, on_dates
from reporting.studies.risk_review.reverse import reverse_section
from reporting.studies.risk_review.stress import stress_section
from reporting.wording.numbers import MINUS, NONE

pytestmark = pytest.mark.xdist_group("venue-0")


def test_cover_above_resources_says_when_and_by_how_much_they_must_rise(tables):
    """Cover-2 exceeds 1,000 by 500.50 on the third date, so $501 in whole dollars; that of the
    second date, 1,100 against 1,050 of its own scenario, by 50. Cover-1 exceeds 1,100 by 100."""
    cover(tables, 0, 100, 150)
    cover(tables, 1, 600, 1100, prefunded=(1150, 1050))
    cover(tables, 2, 1200, 1500.5)
    cover(tables, 2, 10, 20, scenario="S2-b")
    cover(tables, 3, 0, 0)
    found = stress_section(window_of(tables, 4))
    one, two = said(found, Verdict.ACT)
    assert one.startswith("Cover-1") and "on 1 of 4 dates, 9 April 2025" in one and "$100." in one
    assert "on 2 of 4 dates, first 8 April 2025, last 9 April 2025" in two
    assert "by most on 9 April 2025" in two and "rise by $501." in two
    assert said(found, Verdict.HOLDS) == [] and len(asked(found)) == 2
    # The lower median of 0, 150, 1,100 and 1,500.50 is 150: ten times, rounded from 10.0033.
    (note,) = said(found, Verdict.NOTE)
    assert "Family S1 gave the largest Cover-2 on 3 of 4 dates" in note
    assert "10.0 times the median of the dates ($150.00)" in note
    rows = {row[0]: row for row in found.items[0].rows}
    assert rows["2025-04-09"][4:] == ("2", NONE, "1,200", "1,500", "1,000", "150.0%", "500")
    assert rows["2025-04-10"][1:4] == (NONE, NONE, NONE)


def test_cover_just_as_large_as_resources_holds_but_is_watched(tables):
    cover(tables, 0, 700, 799)
    cover(tables, 1, 700, 800)
    cover(tables, 2, 1100, 1000)
    found = stress_section(window_of(tables, 3))
    (words,) = said(found, Verdict.WATCH)
    assert "Cover-2 used at most 100.0% of them: $1,000 on 9 April 2025, in S1-a" in words
    assert "It reached 80% on 2 of 3 dates, first 8 April 2025" in words
    assert said(found, Verdict.ACT) == []


def test_cover_far_below_resources_holds(tables):
    cover(tables, 0, 10, 49.9)
    cover(tables, 1, 0, 0)
    found = stress_section(window_of(tables, 2))
    (words,) = said(found, Verdict.HOLDS)
    assert (
        "5.0%" in words
        and "on all 2 dates" in words
        and "says little about whether resources are enough" in words
    )
    assert asked(found) == []
    cover(tables, 1, 10, 50)
    (words,) = said(stress_section(window_of(tables, 2)), Verdict.HOLDS)
    assert "5.0%" in words and "says little" not in words


def test_without_a_shortfall_nothing_was_needed_and_nothing_is_the_worst(tables):
    for number in range(3):
        cover(tables, number, 0, 0)
    found = stress_section(window_of(tables, 3))
    assert verdicts(found.conclusions) == [Verdict.HOLDS]
    assert "On all 3 dates no group's loss" in found.conclusions[0].words
    assert "full collateral" not in found.conclusions[0].words
    for number, leverage in enumerate((10_000, 10_099, 10_000)):
        metric(tables, number, "leverage", leverage)
    full = stress_section(window_of(tables, 3)).conclusions[0].words
    assert full.endswith("Margin was full collateral, so no other result was possible.")
    metric(tables, 1, "margined_leverage", 10_100)
    assert stress_section(window_of(tables, 3)) == found


def test_edges_of_the_lake_are_limits(tables):
    """A window that begins 30 days after the lake and ends two days before it does is no edge."""
    inside = {at(number): ALL for number in (-30, 0, 1, 3)}
    edges = ("The lake begins on", "The window ends where the lake ends")
    text = markdown(document(window_of(tables, 2, inside)))
    assert not any(edge in text for edge in edges)
    outside = {at(number): ALL for number in (-29, 0, 1, 2)}
    text = markdown(document(window_of(tables, 2, outside)))
    assert all(edge in text for edge in edges) and "The lake begins on 9 March 2025" in text


def test_the_excess_is_that_of_the_scenario_with_the_most(tables):
    """The largest Cover-2 is covered, a smaller one against fewer resources is not."""
    cover(tables, 0, 0, 900, prefunded=(1000, 1000))
    cover(tables, 0, 0, 800, prefunded=(1000, 700), scenario="S2-b")
    (words,) = said(stress_section(window_of(tables, 1)), Verdict.ACT)
    assert "rise by $100.00." in words and "on the only date, 7 April 2025" in words


def test_few_resolutions_are_acted_on_and_what_is_not_proven_is_not_known(tables):
    reverse(tables, 0, 3, at_least=3)
    reverse(tables, 1, 2, at_least=2)
    reverse(tables, 2, None)
    reverse(tables, 3, 5, proven=False, at_least=2)
    found = reverse_section(window_of(tables, 4))
    (act,) = said(found, Verdict.ACT)
    assert "2 simultaneous resolutions" in act and "on 1 of 4 dates, 8 April 2025" in act
    (unknown,) = said(found, Verdict.UNKNOWN)
    assert unknown.startswith("On 1 of 4 dates, 10 April 2025, the search stopped at its limit.")
    assert "Whether 2 resolutions or fewer" in unknown
    (never,) = said(found, Verdict.HOLDS)
    assert "9 April 2025" in never and "no set" in never


def test_many_resolutions_hold_with_their_probability(tables):
    reverse(tables, 0, 4, at_least=4)
    reverse(tables, 1, 3, at_least=3)
    (words,) = said(reverse_section(window_of(tables, 2)), Verdict.HOLDS)
    assert "are 3, on 8 April 2025" in words and "0.0235" in words


def test_liquidity_that_ends_says_hours_and_amount(tables):
    """1,250.25 of 1,000 dollars: 250.25 are missing, $251 in whole dollars. One payer holds with
    85 % of resources. The floor is above the first hour's 800 by 100 once."""
    for number, two in ((0, 500), (1, 1250.25), (2, 1100)):
        liquidity(tables, number, 1, 850 if number == 1 else 100, floor=900 if number == 2 else 10)
        liquidity(tables, number, 2, two, survived=24 if two <= 1000 else 12 + number)
    found = liquidity_section(window_of(tables, 3))
    two, floor = said(found, Verdict.ACT)
    assert "if the two largest payers fail" in two
    assert "on 2 of 3 dates, first 8 April 2025, last 9 April 2025, at worst after 13 of 24" in two
    assert "$251.00, on 8 April 2025 in S6-1" in two
    assert "on 1 of 3 dates, 9 April 2025, by at most $100.00" in floor
    (one,) = said(found, Verdict.WATCH)
    assert "largest outflow is $850.00, on 8 April 2025 (85.0%" in one
    assert "80% of them or more on 1 of 3 dates, 8 April 2025" in one
    (grid,) = found.items
    assert grid.rows[1][2:8] == ("850", "1,250", "1,000", "150", f"{MINUS}250", "24")


def test_liquidity_that_lasts_holds_with_its_floor(tables):
    for number in range(2):
        liquidity(tables, number, 1, 100 + number)
    lasts, floor = said(liquidity_section(window_of(tables, 2)), Verdict.HOLDS)
    assert "last all hours on all 2 dates" in lasts and "$899.00, on 8 April 2025" in lasts
    assert "The floor is at most $10.00. It averages at most 2 dates" in floor


def test_an_error_is_acted_on_and_names_what_it_blocked(tables):
    finding(tables, 0, "VALIDATE-BENCHMARK", "ERROR", "VIX")
    finding(tables, 1, "STRESS-COVER-1", "WARN", "S1-a")
    finding(tables, 1, "STRESS-COVER-1", "WARN", "S1-b")
    finding(tables, 1, "RECOMPUTE-UNSECURED", "INFO", "A1")
    window = window_of(tables, 2)
    found = findings_section(window)
    (act,) = said(found, Verdict.ACT)
    assert act.startswith("VALIDATE-BENCHMARK on 1 of 2 dates, 7 April 2025, 1 finding:")
    assert (
        "STRESS-COVER-1 on 1 of 2 dates, 8 April 2025 (2 findings)" in said(found, Verdict.WATCH)[0]
    )
    assert found.items[0].rows[0][0] == "VALIDATE-BENCHMARK"
    gaps = gaps_section(window)
    assert any("not made on 1 of 2 dates, 7 April 2025" in each for each in said(gaps, Verdict.ACT))
    lines = [row for row in gaps.items[0].rows if "VALIDATE-BENCHMARK" in row[2]]
    assert lines == [("2025-04-07", "not made: recompute.metric_trends", "VALIDATE-BENCHMARK: VIX")]


def test_dates_that_were_not_run_are_named(tables):
    stages = {at(0): ALL, at(1): ALL - {"stress"}, at(3): ALL}
    found = gaps_section(window_of(tables, 4, stages))
    (words, *_) = said(found, Verdict.ACT)
    assert "on 2 of 4 dates, first 8 April 2025, last 9 April 2025" in words
    lines = {row[:2] for row in found.items[0].rows}
    assert {("2025-04-08", "without stress"), ("2025-04-09", "not run")} <= lines


def test_a_window_without_any_row_says_that_nothing_is_known(tables):
    text = markdown(document(window_of(tables, 2)))
    assert "- None." in text and "No date of the window has a stress test." in text
    assert "### Held" in text  # no rule had a finding
    assert "Broader markets*: No broader risk series was delivered" in text


def test_text_of_a_feed_marks_nothing_up(tables):
    for number in range(2):
        cover(tables, number, 500, 900, words="<b>x</b> | y\n# z `c`", scenario="S1-|a")
    text = markdown(document(window_of(tables, 2)))
    assert "\n# z" not in text and "<b>" not in text.replace("\\<b", "")
    for block in text.split("\n\n"):
        lines = [line.replace("\\|", "") for line in block.splitlines() if line.startswith("|")]
        assert len({line.count("|") for line in lines}) <= 1, block


def test_the_order_of_rows_changes_nothing(tables, columns):
    rows = [
        (number, one, two, scenario)
        for number in range(3)
        for one, two, scenario in ((5, 9, "S2-b"), (5, 9, "S1-a"), (4, 9, "S3-c"))
    ]
    texts = []
    for order in (rows, rows[::-1]):
        tables.connection.execute("DELETE FROM stress.cover")
        for number, one, two, scenario in order:
            cover(tables, number, one, two, scenario=scenario)
        texts.append(markdown(document(window_of(tables, 3))))
    assert texts[0] == texts[1] and "S1-a" in texts[0]


def test_ends_must_have_been_run_and_stand_in_order():
    dates = [at(0), at(1), at(3)]
    check_window(dates, at(0), at(3))
    with pytest.raises(UserError, match="--to 2025-04-09 was not run; the lake holds 2025-04-07"):
        check_window(dates, at(0), at(2))
    with pytest.raises(UserError, match="--from 2025-04-08 is after --to 2025-04-07"):
        check_window(dates, at(1), at(0))


def test_words():
    assert on_dates([], 3) == "on none of 3 dates"
    assert on_dates([at(1), at(1)], 3) == "on 1 of 3 dates, 8 April 2025"
    assert median([4, 1, 3, 2]) == 2
    assert money_in_words(-9_999_950) == "-$1,000.00"  # half to even, from below $1,000
    assert money_in_words(1_000 * DOLLAR) == "$1,000"
    assert plain("a  |\n*b*") == r"a \| \*b\*"
