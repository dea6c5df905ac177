"""A review's conclusions on backtests, procyclicality, metrics and broader markets."""

import math

import pytest
from support.review_rows import (
    DOLLAR,
    asked,
    at,
    cover,
    metric,
    observation,
    result,
    said,
    thresholds,
    trend,
    window_of,
)

from reporting.studies.risk_review.broader import broader_section
from reporting.studies.risk_review.coverage import backtest_section
from reporting.studies.risk_review.coverage_rules import verdict_of
from reporting.studies.risk_review.market import metrics_section
from reporting.studies.risk_review.parts import Verdict
from reporting.studies.risk_review.procyclicality import procyclicality_section
from reporting.wording.numbers import NONE

pytestmark = pytest.mark.xdist_group("venue-0")


@pytest.mark.parametrize(
    ("stored", "breaches", "verdict"),
    [
        ("no verdict", 7, "no verdict"),
        ("met", 0, "covered"),
        ("below", 9, "below"),
        ("open", 1, "not known"),  # just the level of 100 observations
        ("open", 2, "below, may be chance"),
    ],
)
def test_verdicts_of_a_group(stored, breaches, verdict):
    row = {"observations": 100, "breaches": breaches, "required_coverage_bps": 9_900}
    assert verdict_of(row | {"coverage_verdict": stored}) == verdict


def test_the_multiple_that_would_have_been_enough(tables):
    """Of 100 books with $1 of margin 98 lost half of it, one 1.501 times (1.51, rounded up), one
    gained. The 99th of them by size is 0.50, the last 1.51. A book without margin that gains
    moves nothing, one that loses a micro has no multiple."""

    def enough() -> tuple:
        found = backtest_section(window_of(tables, 1)).items[0]
        return found.rows[0][-2:]

    result(tables, 0, 100, 1)
    for number in range(100):
        loss = {0: 1.501, 1: -0.7}.get(number, 0.5)
        observation(tables, 0, 1, loss, book=f"A{number:03}")
    assert enough() == ("0.50", "1.51")
    driven = {"worst_case_centicents": DOLLAR}
    observation(tables, 0, 0, -1, book="A100", **driven)
    assert enough() == ("0.50", "1.51")
    observation(tables, 0, 0, 0.000001, book="A101", **driven)
    assert enough() == ("1.51", NONE)


def test_a_gap_in_coverage_says_how_much_higher_margin_would_have_been(tables):
    """Two of 100 lost 1.25 times their margin: the 99th by size is one of them, so 25 % more."""
    result(tables, 1, 100, 2, coverage_verdict="below", clustered_highest_coverage=0.985)
    result(tables, 1, 300, 4, portfolio="long", clustered_lowest_coverage=0.95)
    few = {"coverage_verdict": "no verdict", "coverage_basis": "2 of 30 dates, no verdict"}
    few["binomial_p_value"] = None
    result(tables, 1, 60, 1, portfolio="ladder", **few)
    for number in range(100):
        observation(tables, 1, 8, 10 if number < 2 else 4, book=f"A{number:03}")
    # A book over a longer horizon, not yet at its liquidation period, does not count.
    observation(tables, 1, 1, 9, book="A500", at_liquidation=False)
    found = backtest_section(window_of(tables, 2))
    (act,) = said(found, Verdict.ACT)
    assert act.startswith("Accounts at the liquidation period: margin covered 98.00% of 100 losses")
    assert "99.00% is required. There were 2 breaches" in act
    assert act.endswith("would have had to be 25% higher.")
    (watch,) = said(found, Verdict.WATCH)
    assert watch.startswith("Long at the liquidation period: margin covered 98.67%")
    assert "between 95.00% and 100.00% by resolution, 91.00% and 100.00% by date" in watch
    assert said(found, Verdict.UNKNOWN) == [
        "2 of 30 dates, no verdict: ladder at the liquidation period (1 breach in 60 observations)."
    ]
    assert len(asked(found)) == 2
    groups, dates, breaches, _ = found.items
    verdicts = [row[3] for row in groups.rows]
    assert verdicts == ["below", "2 of 30 dates, no verdict", "below, may be chance"]
    assert groups.rows[1][4] == NONE and groups.rows[1][9:13] == (NONE,) * 4
    # Lost to this close: 2 x 10 + 98 x 4 dollars, and 9 of the longer book.
    assert dates.rows == (("2025-04-08", "100", "2", "101", "3", "0", "0", "421", "8.00"),)
    assert [row[2] for row in breaches.rows] == ["A000", "A001", "A500"]
    assert breaches.rows[0][7:] == ("8.00", "10.00", "2.00")
    assert breaches.note.startswith("Every breach. 3 in all, 3 caused by a jump, on 1 date.")


def test_margin_at_the_worst_case_says_nothing_of_the_model(tables):
    result(tables, 0, 200, 0, coverage_verdict="met")
    for number in range(4):
        full = number < 2
        observation(
            tables,
            0,
            10,
            5,
            book=f"A{number}",
            worst_case_centicents=(10 if full else 11) * DOLLAR,
        )
    found = backtest_section(window_of(tables, 1))
    assert any("In 2 of 4 observations" in each for each in said(found, Verdict.UNKNOWN))
    (held,) = said(found, Verdict.HOLDS)
    assert "accounts at the liquidation period 100.00% (0 breaches in 200 observations)" in held
    (note,) = said(found, Verdict.NOTE)
    assert "accounts 0.50 times for 99.00%, 0.50 times for every loss" in note


def test_breaches_that_follow_each_other_are_watched(tables):
    result(tables, 0, 200, 1, independence_p_value=0.049)
    result(tables, 0, 200, 1, portfolio="long", independence_p_value=0.05)
    (words,) = said(backtest_section(window_of(tables, 1)), Verdict.WATCH)
    assert "accounts at the liquidation period (p 0.049)" in words and "long" not in words


def _constant(tables, category, growth, least=40_000, largest=50_000, days=30):
    tables.put(
        "stress.procyclicality",
        at(0),
        category=category,
        days=days,
        margin_centicents=largest,
        least_centicents=least,
        largest_centicents=largest,
        worst_case_centicents=60_000,
        peak_to_trough=largest / least,
        growth_1=0.1,
        growth_5=growth,
        growth_30=None,
    )


def test_growth_beyond_a_buffer_is_watched(tables):
    _constant(tables, "Macro", 0.2501)
    _constant(tables, "Sport", 0.25)
    _constant(tables, "Still", 0.0, largest=40_000)
    _constant(tables, "Young", None, days=4)
    found = procyclicality_section(window_of(tables, 1))
    (watch,) = said(found, Verdict.WATCH)
    assert watch.startswith("Macro: margin of a constant portfolio ranged from $4.00 to $5.00")
    assert "(peak to trough 1.25) and rose by at most 25.0% in five dates" in watch
    (held,) = said(found, Verdict.HOLDS)
    assert held.startswith("Sport")
    still, young = said(found, Verdict.UNKNOWN)
    assert "Still" in still and "stayed at $4.00 on all 30 dates" in still
    assert "Young: 4 dates are too few" in young


def test_metrics_say_dates_amounts_and_who(tables):
    """On the second date margin is 950 of 1,000: 90 % needs 1,055.5556 of collateral, 55.5556 more.
    On the third 901 needs 1,001.1112, 1.1112 more."""
    for number, margin in enumerate((900, 950, 901)):
        thresholds(tables, number)
        metric(tables, number, "initial_margin", margin * DOLLAR)
        metric(tables, number, "eligible_collateral", 1000 * DOLLAR)
        metric(tables, number, "margin_utilisation", margin * 10)
        metric(tables, number, "leverage", 10_000 + number * 1_000)
        metric(tables, number, "unsecured_peak", number * 7 * DOLLAR)
        metric(tables, number, "open_interest", (5 - number) * 100)
        metric(tables, number, "money_at_risk", (5 - number) * DOLLAR)
        metric(tables, number, "collateral_share", 5_000 + number, "custodian", "BANK")
        metric(tables, number, "top_5_share", 6_000 - number, "measure", "margin by group")
        tables.put(
            "recompute.margin_breaks",
            at(number),
            account_id="A1",
            status="MATCH" if number else "DIFFERS",
            difference_centicents=-3 * DOLLAR if not number else 0,
        )
    metric(tables, 2, "unsecured_peak", 12 * DOLLAR, "account", "A9")
    metric(tables, 2, "unsecured_peak", 2 * DOLLAR, "account", "A1")
    trend(tables, 2, "open_interest_growth", "7 days", 2, value=-0.25)
    found = metrics_section(window_of(tables, 3))
    utilisation, unsecured, custodian = said(found, Verdict.WATCH)
    assert "at most 95.00% of eligible collateral, on 8 April 2025" in utilisation
    assert "threshold of 90.00% on 2 of 3 dates, first 8 April 2025" in utilisation
    assert "would have had to be $55.56 higher" in utilisation
    assert "on 2 of 3 dates" in unsecured and "at most $14.00, on 9 April 2025" in unsecured
    assert "account A9" in unsecured
    assert "Custodian BANK held more than 50.00%" in custodian and "at most 50.02%" in custodian
    (act,) = said(found, Verdict.ACT)
    assert "on 1 of 3 dates, 7 April 2025: 1 account in all" in act
    assert "largest undercharge was $3.00 for 1 account" in act
    notes = " ".join(said(found, Verdict.NOTE))
    assert "from 3 contracts on 9 April 2025 to 5 on 7 April 2025, when $5.00" in notes
    assert "1.00 to 1.20 (both books, peak on 9 April 2025)" in notes
    assert "60.00% of margin (groups, 7 April 2025)" in notes
    assert "open interest -25.0% over 7 days" in notes
    assert found.items[0].rows[1][:6] == ("2025-04-08", "4", "4", "950", "1,000", "95.00%")


def test_full_collateral_is_no_proof(tables):
    thresholds(tables, 0)
    metric(tables, 0, "leverage", 10_099)
    (words,) = said(metrics_section(window_of(tables, 1)), Verdict.UNKNOWN)
    assert "Margin was full collateral on every date" in words


def _broader(tables, dates: int) -> None:
    """A VIX that moves by 1 % to and fro, and by a third on the 13th and 14th date; trades and
    volatility double on these. The 21st close comes on a date that has not been run."""
    value = 20.0
    for number in range(-1, dates):
        if number >= 0:
            value *= {12: 4 / 3, 13: 3 / 4}.get(number, 1.01 if number % 2 else 1 / 1.01)
        tables.put(
            "validate.benchmarks",
            at(max(number, 0)),
            series_id="VIX",
            trading_date=at(number),
            value=f"{value:.6f}",
            measure="value",
        )
        if number < 0:
            continue
        thresholds(tables, number)
        shock = number in (12, 13)
        tables.put(
            "recompute.venue_days",
            at(number),
            trades=200 if shock else 100,
            weight_qty=20,
            open_qty=100,
            mean_square_e12=4 * 10**12 if shock else 10**12,
        )
        cover(tables, number, 1, 2)


def test_dates_that_stand_out_are_set_against_the_others(tables):
    """20 moves: the upper tenth lies above the 18th by size, so the two large ones."""
    _broader(tables, 20)
    trend(tables, 19, "volatility_dependence", "VIX level", 30, value=0.3, co_exceedance=0.5)
    trend(tables, 19, "volatility_dependence", "VIX move", 30, value=-0.5, co_exceedance=0.0)
    found = broader_section(window_of(tables, 20))
    (shock,) = said(found, Verdict.NOTE)
    assert "came on 19 April 2025, 20 April 2025." in shock
    assert "event volatility (2.000 against 1.000), trades (200 against 100)" in shock
    assert shock.endswith(" This was not so for Cover-2.")
    # 1.96 / sqrt(29) = 0.364: 0.3 is within, 0.5 beyond.
    (few,) = said(found, Verdict.UNKNOWN)
    assert "VIX level 0.30 (30 dates, within chance); VIX move -0.50 (30 dates, beyond" in few
    assert "needs 60 dates and has 30" in few
    (watch,) = said(found, Verdict.WATCH)
    assert "moves with VIX move by more than chance" in watch
    dependence, medians, dates = found.items
    assert dependence.rows[0] == ("VIX level", "30", "60", "0.30", "0.36", "0.50")
    assert medians.rows[1] == ("trades", "200", "100", "2.00")
    assert dates.rows[12][:3] == ("2025-04-19", "2.000", "20.00%")
    assert math.isclose(float(dates.rows[12][3]), 20 / 1.01**0 * 4 / 3, rel_tol=0.02)


def test_few_closes_are_not_enough(tables):
    _broader(tables, 9)
    found = broader_section(window_of(tables, 9))
    none, few = said(found, Verdict.UNKNOWN)
    assert "fewer than 30 dates have both a close and a volatility" in none and "9 and 9" in none
    assert few == "VIX: 9 moves in the window, too few to pick out dates that stand out."


def test_a_close_that_is_stale_or_superseded_does_not_count(tables):
    """Three equal closes in a row: the third is stale. A value sent again on a later date of the
    window counts in its later form."""
    for number, value in ((0, "10"), (1, "11"), (2, "11"), (3, "11"), (4, "12")):
        tables.put(
            "validate.benchmarks",
            at(number),
            series_id="X",
            trading_date=at(number),
            value=value,
            measure="value",
        )
    tables.put(
        "validate.benchmarks",
        at(4),
        series_id="X",
        trading_date=at(0),
        value="9",
        measure="value",
    )
    grid = broader_section(window_of(tables, 5)).items[-1]
    assert [row[3] for row in grid.rows] == ["9.00", "11.00", "11.00", NONE, "12.00"]
