"""Sections that feed on metrics, backtests and histories: what is said, and what is not."""

import pytest
from lake_fixture import DAY, Lake
from rendering import plain

from reporting.packs.common import metrics
from reporting.packs.common.windows import against_history, fitting, peak, windows_table
from reporting.packs.daily import pack as daily_risk_and_margin
from reporting.packs.daily.cash import calls_section
from reporting.packs.daily.custody import collateral_section, segregation_sentence
from reporting.packs.daily.market import concentration_section
from reporting.packs.daily.peers import peers_section
from reporting.packs.daily.trading import trading_section
from reporting.packs.daily.use import use_section
from reporting.packs.default import pack as default_management
from reporting.packs.default.facilities import contingency_section
from reporting.packs.default.history import history_section as drill_history
from reporting.packs.document.parts import Figure
from reporting.packs.document.tables import Table
from reporting.packs.stress import pack as stress_tests
from reporting.packs.stress.backtests import backtest_section, has_verdict, in_words
from reporting.packs.stress.procyclicality import procyclicality_section
from reporting.packs.stress.sensitivity import sensitivity_section
from reporting.wording.numbers import signed

VIEWS = (daily_risk_and_margin.view, stress_tests.view, default_management.view)


def _rows(section, title: str) -> dict[str, tuple[str, ...]]:
    """The printed rows of a section's table by their first cell."""
    (found,) = [i for i in section.items if isinstance(i, Table) and i.title.startswith(title)]
    return {row[0]: row[1:] for row in found.rows}


def _figure(section, form: str) -> Figure:
    (found,) = [i for i in section.items if isinstance(i, Figure) and i.form == form]
    return found


# Every figure can be empty: of a new venue, a quiet date, a table that could not be made.
@pytest.mark.parametrize("view", VIEWS)
def test_any_table_but_the_key_figures_may_be_empty(tables, view) -> None:
    for name in sorted(tables.keys() - {"key_figures"}):
        view({**tables, name: []})


def test_windows_show_what_counts_more_than_a_shorter_one() -> None:
    assert [fitting(n) for n in (1, 30, 31, 90, 91, 250)] == [
        (30,), (30,), (30, 90), (30, 90), (30, 90, 250), (30, 90, 250)
    ]  # fmt: skip


def test_a_figure_against_its_history_by_hand() -> None:
    """32 dates with 1, 2, ... 32 but none on the 31st: the latest 30 are 3 to 32 without 31,
    which sum to 525 - 31 = 494 over 29 = 17.03; all sum to 528 - 31 = 497 over 31 = 16.03."""
    dated = _dated(*(None if n == 31 else n for n in range(1, 33)))
    row = against_history(dated, "calls", "2025-01-32")
    assert (row["average_of_30"], row["average_of_90"], row["average_of_250"]) == (17, 16, None)
    assert (row["today"], row["peak"], row["peak_on"]) == (32, 32, "2025-01-32")
    assert against_history(dated, "calls", "2025-02-02")["today"] is None
    # Half-even: (1 + 2) / 2 = 1.5 and (2 + 3) / 2 = 2.5 are both 2; the later peak is named.
    assert against_history(_dated(1, 2), "calls", "2025-01-02")["average_of_30"] == 2
    assert against_history(_dated(2, 3), "calls", "2025-01-02")["average_of_30"] == 2
    assert against_history(_dated(2, 3, 3), "calls", "2025-01-03")["peak_on"] == "2025-01-03"
    # A peak of zero has no day, and what was never known no row.
    assert against_history(_dated(0, 0), "calls", "2025-01-02")["peak_on"] is None
    assert peak(_dated(None, None), "calls") is None
    known, never = ("Known", _dated(4, 5), "calls"), ("Never", _dated(None, None), "calls")
    shown = windows_table("T", "s", [known, never], "2025-01-02")
    assert shown.rows == (("Known", "5", "4", "5", "2 January 2025"),)


def test_amounts_are_exact_and_other_figures_printed_by_their_names() -> None:
    """Averages half to even: 1.5 centicents are 2; 1.5 hundredths of a contract, and bps, too."""
    days = ("2025-01-01", "2025-01-02")
    rows = [
        {"history_date": day, "fee_centicents": n, "held_qty": n, "leverage_bps": 10_000 * n}
        for n, day in enumerate(days, 1)
    ]
    money = windows_table("T", "s", [("Fees", rows, "fee_centicents")], days[1])
    assert money.rows == (("Fees", "0.0002", "0.0002", "0.0002", "2 January 2025"),)
    named = [("Held", rows, "held_qty"), ("Leverage", rows, "leverage_bps")]
    assert windows_table("T", "s", named, days[1]).rows == (
        ("Held", "0.02", "0.02", "0.02", "2 January 2025"),
        ("Leverage", "2.00 times", "1.50 times", "2.00 times", "2 January 2025"),
    )


def _dated(*calls: int | None) -> list[dict]:
    return [
        {"history_date": f"2025-01-{n:02d}", "calls": value} for n, value in enumerate(calls, 1)
    ]


def _driven(tables) -> dict:
    """Accounts at their liquidation period, model-driven."""
    return next(
        row
        for row in tables["backtest_coverage"]
        if (row["portfolio"], row["horizon"], row["bucket"], row["books"])
        == ("accounts", "liquidation period", "all", "model-driven")
    )


def test_what_the_stage_leaves_empty_is_not_enough(tables) -> None:
    """Thirty dates have 29 pairs: the stage has no test of independence yet, nor both in one."""
    row = _driven(tables)
    assert row["independence_p_value_e6"] is None and has_verdict(row)
    (cells,) = _rows(backtest_section({"backtest_coverage": [row]}), "Tests").values()
    assert cells[0] == "31" and cells[2:4] == ("—", "—")
    assert cells[-1] == "not rejected; timing not tested yet"
    few = {**row, "z2_e6": None, "zone": None, "kupiec_p_value_e6": None}
    (cells,) = _rows(backtest_section({"backtest_coverage": [few]}), "Tests").values()
    assert (cells[1], cells[5], cells[6]) == ("—", "—", "—")
    assert not has_verdict({**row, "coverage_verdict": "no verdict"})


def test_two_dates_print_no_verdict(tables) -> None:
    """No traffic light, no p-value, no coverage in per cent."""
    row = _driven(tables) | {
        "days": 2,
        "breaches": 0,
        "coverage_verdict": "no verdict",
        "coverage_basis": "2 of 30 dates, no verdict",
    }
    section = backtest_section({"backtest_coverage": [row]})
    assert section.items[0] == (
        "Backtests have no breaches in 1,200 model-driven observations (accounts, liquidation "
        "period): 2 of 30 dates, no verdict."
    )
    assert section.items[1].startswith("2 of 30 dates, no verdict: 17 CFR 39.13(g)(7)")
    titles = [item.title for item in section.items if not isinstance(item, str)]
    assert not [title for title in titles if "Tests" in title or "interval" in title]
    (cells,) = _rows(section, "Achieved").values()
    assert cells[2:6] == ("—",) * 4 and cells[-1] == "2 of 30 dates, no verdict"


def test_books_at_their_worst_case_alone(tables) -> None:
    row = _driven(tables) | {"books": "all", "coverage_verdict": "no verdict"}
    assert in_words([row]) == (
        "In 1,200 observations (accounts, liquidation period) margin was the worst case "
        "throughout: no verdict on the model."
    )


def test_backtests_of_the_fixture_are_told_apart(tables) -> None:
    section = backtest_section(tables)
    interval = "98.200% to 99.850%"
    assert section.items[0] == (
        "Margin covered 99.25% of 1,200 model-driven observations (accounts, liquidation period), "
        "with 9 breaches, against the required 99.00%: the intervals contain the required coverage "
        f"({interval} by resolution, {interval} by date; 40 dates, 1,200 observations count as 31 "
        "draws)."
    )
    assert section.items[1] == "Observations span 40 dates."
    items, covered, tested = (
        _rows(section, title) for title in ("Coverage items", "Achieved", "Tests")
    )
    ladder = "hypothetical: one ladder"
    assert list(items) == [
        "accounts, liquidation period",
        "accounts, up to 2 days to resolution",
        "accounts, 31-90 days to resolution",
        "accounts, next close",
        ladder,
    ]
    # 800 model-driven observations are nine tenths of 888.
    longest = "accounts, 31-90 days to resolution"
    assert items[longest] == (
        "40", "888", "800", "30", "28", "12,345.678901", "2,345.678901"
    )  # fmt: skip
    assert items[ladder] == ("12", "13", "12", "0", "0", "—", "—")
    assert covered[ladder] == ("12", "0", "—", "—", "—", "—", "12 of 30 dates, no verdict")
    assert ladder not in tested and "accounts, next close" not in tested
    assert covered["accounts, next close"][-1].startswith("losses over another period")
    assert covered[longest][2:] == (
        "97.500%",
        "95.100% to 98.830%",
        "95.100% to 98.830%",
        "31%",
        "below the required coverage",
    )
    assert tested[longest] == (
        "31", "19.40 / <0.001", "—", "—", "<0.001", "−1.40", "red", "too many breaches"
    )  # fmt: skip
    assert tested["accounts, liquidation period"][-1] == "not rejected; timing not tested yet"
    figure = _figure(section, "intervals")
    assert ladder not in figure.data["labels"]
    assert figure.data["limit"] == ("required, 99.00%", 990_000)


@pytest.mark.parametrize(
    ("changed", "verdict"),
    [
        ({}, "not rejected"),
        ({"binomial_p_value_e6": 49_999}, "too many breaches"),
        ({"binomial_p_value_e6": 50_000}, "not rejected"),
        ({"kupiec_p_value_e6": 10_000}, "fewer breaches than required"),
        (
            {"kupiec_p_value_e6": 10_000, "achieved_coverage_e6": 980_000},
            "too many breaches (Kupiec)",
        ),
        ({"independence_p_value_e6": 1_000}, "breaches cluster in time"),
        ({"conditional_p_value_e6": 1_000}, "number and timing rejected together"),
        (
            {"binomial_p_value_e6": 0, "independence_p_value_e6": 0},
            "too many breaches, breaches cluster in time",
        ),
    ],
)
def test_verdicts_once_dates_are_enough(tables, changed, verdict) -> None:
    tested = {
        f"{name}_{what}_e6": value
        for name in ("independence", "conditional")
        for what, value in (("statistic", 1_200_000), ("p_value", 270_000))
    }
    row = {**_driven(tables), **tested, **changed}
    (cells,) = _rows(backtest_section({"backtest_coverage": [row]}), "Tests").values()
    assert cells[-1] == verdict
    assert "—" not in cells[:4]


def test_procyclicality_without_enough_dates_says_so(tables) -> None:
    """25,000 over 19,000 is 1.316."""
    section = procyclicality_section(tables)
    assert section.items[0].endswith(
        "in Politics: the maximum is 1.316 times the minimum"
        " (12 of 30 dates, no verdict on procyclicality)."
    )
    rows = _rows(section, "Margin of the constant")
    assert rows["Politics"][-4:] == ("1.316", "1.23%", "5.00%", "not enough dates")
    one = [{**row, "days": 1, "growth_1_e6": None} for row in tables["procyclicality"]]
    alone = procyclicality_section({"procyclicality": one})
    assert not [item for item in alone.items if isinstance(item, Figure)]
    assert _rows(alone, "Margin of the")["Politics"][-4:-2] == ("not enough dates",) * 2


def test_sensitivity_adds_both_liquidation_periods(tables) -> None:
    """In force is five days in the fixture, and one day half of it, rounded down by account."""
    section = sensitivity_section(tables)
    periods = tables["liquidation_periods"]
    in_force = sum(row["initial_margin_centicents"] for row in periods)
    one_day = sum(row["one_day_initial_centicents"] for row in periods)
    data = _figure(section, "changes").data
    found = dict(zip(data["labels"], data["values"], strict=True))
    assert found["liquidation one day"] == one_day - in_force < 0
    assert found["liquidation five days"] == 0
    assert found["ramp none"] == -43_000_000_000
    assert "raised most by rho 1.0 ($3,400,000 more)" in section.items[0]


def test_liquid_resources_are_drawn_in_their_order(tables) -> None:
    """12,000,000 dollars fall due with two failing: 1,500,000 own capital, 6,846,000 deposits
    and 3,000,000 of credit are all drawn, 654,000 short; 6,000,000 with one failing."""
    section = contingency_section(tables)
    rows = _rows(section, "Liquid resources in")
    assert [row[2:4] for row in rows.values()] == [
        ("own capital", "0"),
        ("survivors fund", "0"),
        ("facility", "2"),
    ]
    assert _figure(section, "layers").data["used"] == [
        15_000_000_000,
        68_460_000_000,
        30_000_000_000,
    ]
    assert [row[-2:] for row in rows.values()] == [
        ("1,500,000.00", "1,500,000.00"),
        ("4,500,000.00", "6,846,000.00"),
        ("0.00", "3,000,000.00"),
    ]
    lasts = _rows(section, "How long")
    assert lasts["1 largest payer"][-3:] == ("24 of 24", "5,346,000.00", "0.00")
    assert lasts["2 largest payers"][-3:] == ("20 of 24", "−654,000.00", "654,000.00")


def test_the_drill_has_its_history(tables) -> None:
    """Own capital and insurance: 1,500,000 + 0; survivors 2,423,456.7890."""
    rows = _rows(drill_history(tables), "The daily drill")
    assert rows["Borne by the defaulter"][0] == "5,200,000.0000"
    assert rows["Borne by clearing house and insurance"][0] == "1,500,000.0000"
    assert rows["Borne by survivors"][0] == "2,423,456.7890"
    assert rows["Unallocated"] == ("0.0000", "0.0000", "0.0000", "—")


def test_segregation_counts_shortfalls_member_by_member(tables) -> None:
    """M001 lacks a million; what another member has in excess covers none of it."""
    rich = [
        {**row, "value": row["value"] + 10**12}
        if row["metric"] == "segregated_assets" and row["scope"] == "M002"
        else row
        for row in tables["metrics"]
    ]
    told = (
        "1 of 6 members segregated less than the amounts owed to customers; the shortfalls total "
        "$1,000,000."
    )
    assert segregation_sentence({"metrics": tables["metrics"]}) == told
    assert segregation_sentence({"metrics": rich}) == told
    rows = _rows(collateral_section(tables), "Amounts owed to customers against")
    assert next(iter(rows)) == "M001"
    assert rows["M001"][-1] == "−1,000,000.0000"


def test_calls_and_disputes_by_age(tables) -> None:
    rows = _rows(calls_section(tables), "Margin calls by state")
    assert rows["Issued on the date"] == ("7", "9,876,543.21")
    assert rows["Reported as met in full"] == ("5", "—")
    assert rows["In dispute"] == ("3", "300,000.00")
    assert rows["in dispute for 6 to 30 days"] == ("1", "100,000.00")
    assert "in dispute for 2 to 5 days" not in rows


def test_the_share_on_margin_and_when_it_is_half(tables) -> None:
    section = trading_section(tables)
    assert section.items[0] == (
        "Open interest, and money at risk with it, changed by +3.21% over the date, +10.5% over "
        "7 days and −2.0% over 30 days."
    )
    rows = _rows(section, "Share of trading")
    assert rows["trade sides"][-2:] == ("+4.50", "projected for 1 September 2025")
    assert rows["contracts"][-2:] == ("−0.25", "not exceeded, nor within ten years on the trend")
    assert rows["notional"][-2:] == ("0.00", "above since 1 March 2025")
    assert _rows(section, "Event volatility")["VIX"] == ("move", "60", "−0.05", "33.3%")
    assert "(95 % interval −1.2% to +8.1%" in section.items[1]


def test_other_venues_stand_beside_ours(tables) -> None:
    """Two margined books: 2 x 40,000,000.000123 ours, 2 x 55,000,000.000001 scanning."""
    section = peers_section(tables)
    rows = _rows(section, "Requirements on the same")
    assert rows["Initial margin, ours"] == ("80,000,000.000246", "40,000,000.000123")
    assert rows["Scanning-range margin (futures clearing house)"][0] == "110,000,000.000002"
    assert "$110,000,000, 137.5% of our initial margin of $80,000,000" in section.items[0]
    assert _rows(section, "Accounts with a higher")["margined"] == ("2", "2", "0", "0", "2")


def test_use_of_margin_by_origin_and_cycle(tables) -> None:
    section = use_section(tables)
    rows = _rows(section, "Use of collateral")
    assert list(rows) == ["house", "customer", "all"]
    assert rows["all"][-4:] == ("80.33%", "1.71 times", "2.50 times", "4")
    assert list(_rows(section, "Unsecured exposure by")) == [
        "cycle 06:00",
        "cycle 12:00",
        "end of the date",
    ]
    assert _rows(concentration_section(tables), "Concentration")["positions by account"] == (
        "40", "56.78%", "78.90%", "1,234"
    )  # fmt: skip


def test_exposures_above_a_threshold_are_listed(tables) -> None:
    (found,) = (
        item
        for item in concentration_section(tables).items
        if getattr(item, "title", "").startswith("Exposures above")
    )
    assert (len(found.rows), found.total_rows) == (20, 24)
    assert [row[:2] for row in found.rows[:3]] == [
        ("wrong-way", "A002/KXFEDDECISION-26JUN"),
        ("leverage", "A001"),
        ("concentration", "A021/KXFEDDECISION-26JUN-H0"),
    ]
    nobody = concentration_section({**tables, "exposures": []}).items[-1]
    assert nobody.rows == () and nobody.empty_words.startswith("No account exceeds")


def test_missing_metrics_are_not_taken_for_zero(tables) -> None:
    """A pack without them says so; it does not say that nothing is owed or used."""
    without = {**tables, "metrics": [], "metric_trends": []}
    for section in (use_section(without), trading_section(without)):
        assert section.items == (metrics.NOT_AVAILABLE,)
    assert metrics.NOT_AVAILABLE in collateral_section(without).items
    summary = " ".join(daily_risk_and_margin.view(without).summary)
    assert "segregated" not in summary


def test_a_change_has_its_sign() -> None:
    assert [signed(text) for text in ("1.2%", "−1.2%", "0.00%", "$0", "$100", "—")] == [
        "+1.2%", "−1.2%", "0.00%", "$0", "+$100", "—"
    ]  # fmt: skip


def test_new_charts_draw_what_they_are_given(renderer) -> None:
    from reporting.packs.document import charts

    style = renderer._style
    limit = ("promised", 990_000)
    bad = charts.FORMS["intervals"](style, ["A"], [950_000], [970_000], [989_999], limit, "x")
    good = charts.FORMS["intervals"](style, ["A"], [950_000], [970_000], [990_000], limit, "x")
    # The line of the promise is red in both, the point only where it is missed.
    assert bad.count("9c3328") > good.count("9c3328") > 0
    changed = charts.FORMS["changes"](style, ["up", "down"], [12_340_000, -5_000_000], "x")
    assert "+$1.2k" in changed and "−$500" in changed
    shares = charts.FORMS["shares"](
        style, ["2025-04-07", "2025-04-08"], [("s", [4_000, None])], "x", ("one half", 5_000)
    )
    assert "40%" in shares and "one half" in shares and "8 Apr" in shares


def test_an_empty_lake_has_no_section_that_claims_anything() -> None:
    tables = plain(Lake().disclose(DAY))
    for section in (backtest_section(tables), procyclicality_section(tables)):
        assert len(section.items) == 1
    assert drill_history(tables).items[0].startswith("There is no earlier")
    assert contingency_section(tables).items == ("Liquidity was not computed today.",)
