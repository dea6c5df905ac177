"""Figures that the desk plots from date to date: by hand, and all of them on a venue."""

from datetime import date

import pytest
from support.hand_rows import HandDay, Tables
from support.venues import DAY_1

from reporting.engine.plots import plots, plotted_figures
from reporting.lake import open_lake
from reporting.lake.connection import STAGES

pytestmark = pytest.mark.xdist_group("venue-0")

DAY = date(2026, 5, 4)
UNITS = ("dollars", "per cent", "contracts", "times", "days", "hours", "a day", "0 to 10,000")
COUNTED = (
    *("accounts", "alerts", "breaches", "calls", "files", "positions", "resolutions", "rows"),
    "scenarios",
)


def test_cover_in_dollars(tables: Tables):
    for one, two in ((10_000, 15_000), (20_000, 21_000)):
        tables.put(
            "stress.cover",
            DAY,
            cover_1_centicents=one,
            cover_2_centicents=two,
            prefunded_centicents=20_000,
            covered=two <= 20_000,
        )
    found = plotted_figures(HandDay(tables, DAY), "stress", {})
    assert found["stress.cover"] == {
        "Cover-1, dollars": 2,
        "Cover-2, dollars": 2.1,
        "prefunded resources, dollars": 2,
        "minimum left after Cover-2, dollars": -0.1,
        "scenarios not covered": 1,
    }


def test_what_an_empty_table_has_not_is_left_out(tables: Tables):
    """A count of nothing is 0; a largest of nothing is no figure, in no table."""
    for stage in STAGES:
        found = plotted_figures(HandDay(tables, DAY), stage, {})
        assert found.keys() == plots()[stage].keys()
        assert {value for figures in found.values() for value in figures.values()} <= {0}
    assert plotted_figures(HandDay(tables, DAY), "stress", {})["stress.reverse"] == {}
    known_empty = plotted_figures(HandDay(tables, DAY), "stress", {"stress.cover": 0})
    assert "stress.cover" not in known_empty and "stress.reverse" in known_empty


def test_a_map_is_a_plot_for_each_of_its_keys(tables: Tables):
    for family, cover in (("S2", 30_000), ("S1", 5_000)):
        tables.put("stress.family_cover", DAY, family=family, cover_2_centicents=cover)
    found = plotted_figures(HandDay(tables, DAY), "stress", {})
    assert found["stress.family_cover"] == {
        "Cover-2 of S1, dollars": 0.5,
        "Cover-2 of S2, dollars": 3,
    }


def test_metrics_are_those_of_the_venue(tables: Tables):
    """Of scopes only the venue's, but the largest custodian; basis points are per cent."""
    for metric, kind, scope, value in (
        ("open_interest", "venue", "", 12_345),
        ("open_interest", "category", "Sports", 99_999),
        ("margin_utilisation", "venue", "", 6_250),
        ("margin_utilisation", "member", "M1", 9_900),
        ("margined_leverage", "venue", "", 31_500),
        ("unsecured_peak", "venue", "", 20_000),
        ("unsecured_peak", "account", "A", 90_000),
        ("client_liabilities", "venue", "", 70_000),
        ("segregated_assets", "venue", "", 80_000),
        ("collateral_share", "custodian", "BANK", 4_500),
        ("collateral_share", "custodian", "OTHER", 5_500),
        ("collateral_share", "asset_type", "cash", 9_000),
        ("top_5_share", "measure", "margin by account", 7_700),
        ("top_5_share", "measure", "margin by group", 9_900),
        ("herfindahl", "measure", "positions by group", 1_800),
    ):
        tables.put(
            "recompute.metrics", DAY, metric=metric, scope_kind=kind, scope=scope, value=value
        )
    assert plotted_figures(HandDay(tables, DAY), "recompute", {})["recompute.metrics"] == {
        "open interest, contracts": 123.45,
        "margin utilisation, per cent": 62.5,
        "leverage of margined books, times": 3.15,
        "unsecured exposure at its peak, dollars": 2,
        "client liabilities, dollars": 7,
        "segregated assets, dollars": 8,
        "largest custodian, per cent of collateral": 55,
        "five largest accounts, per cent of margin": 77,
        "concentration of positions by group, 0 to 10,000": 1_800,
    }


def test_breaks_are_counted_and_summed(tables: Tables):
    for account, status, venue, ours, residual in (
        ("A", "MATCH", 10_000, 10_000, 0),
        ("B", "UNDER", 10_000, 30_000, -5_000),
        ("C", "OVER", 50_000, 10_000, 15_000),
        ("D", "MISSING", None, 10_000, 0),
    ):
        tables.put(
            "recompute.margin_breaks",
            DAY,
            account_id=account,
            status=status,
            venue_initial_centicents=venue,
            difference_centicents=(venue or 0) - ours,
            residual_centicents=residual,
            initial_unexplained=account == "C",
        )
    assert plotted_figures(HandDay(tables, DAY), "recompute", {})["recompute.margin_breaks"] == {
        "accounts with a break": 3,
        "accounts charged too little": 2,
        "accounts with an unexplained difference": 1,
        "charged by the venue, dollars": 7,
        # -20,000 + 40,000 - 10,000
        "charged less recomputed, dollars": 1,
        "unexplained over all accounts, dollars": 2,
    }


def test_coverage_is_that_of_all_books_of_accounts(tables: Tables):
    for portfolio, horizon, bucket, achieved, breaches in (
        ("accounts", "liquidation period", "all", 0.9925, 3),
        ("accounts", "liquidation period", "0", 0.5, 50),
        ("ladder", "liquidation period", "all", 0.5, 50),
        ("accounts", "next close", "all", 0.999, 1),
    ):
        tables.put(
            "stress.backtest_results",
            DAY,
            portfolio=portfolio,
            horizon=horizon,
            bucket=bucket,
            books="all",
            achieved_coverage=achieved,
            clustered_lowest_coverage=achieved - 0.0225,
            required_coverage_bps=9_900,
            breaches=breaches,
            jump_breaches=breaches - 1,
        )
    found = plotted_figures(HandDay(tables, DAY), "stress", {})["stress.backtest_results"]
    assert found == {
        "coverage over the liquidation period, per cent": pytest.approx(99.25),
        "coverage, lower end of its interval, per cent": pytest.approx(97),
        "coverage required, per cent": 99,
        "breaches over the liquidation period": 3,
        "breaches by a jump": 2,
        "coverage at the next close, per cent": pytest.approx(99.9),
        "breaches by the next close": 1,
    }


def test_only_the_latest_cycle_is_plotted(tables: Tables):
    for cycle, short in (("12:00", 50_000), ("16:00", 20_000)):
        tables.put("recompute.cycles", DAY, cycle=cycle)
        tables.put("recompute.cycle_margin", DAY, cycle=cycle, shortfall_centicents=short)
        tables.put("recompute.cycle_alerts", DAY, cycle=cycle, kind="LOSS")
    tables.put("recompute.cycle_alerts", DAY, cycle="16:00", kind="LEVERAGE")
    found = plotted_figures(HandDay(tables, DAY), "recompute", {})
    assert found["recompute.cycle_margin"] == {
        "shortfall at the latest cycle, dollars": 2,
        "largest shortfall at the latest cycle, dollars": 2,
    }
    assert found["recompute.cycle_alerts"] == {
        "alerts that require a call": 1,
        "alerts on exposures": 1,
    }


def test_exposures_are_plotted_by_kind(tables: Tables):
    for kind, subject in (("LEVERAGE", "A"), ("CONCENTRATION", "A/K"), ("CONCENTRATION", "B/K")):
        tables.put("recompute.exposures", DAY, kind=kind, subject=subject)
    assert plotted_figures(HandDay(tables, DAY), "recompute", {})["recompute.exposures"] == {
        "accounts with high leverage": 1,
        "positions above the concentration threshold": 2,
        "positions with wrong-way risk": 0,
    }


def test_key_figures_are_plotted_in_their_words(tables: Tables):
    for order, words, unit, today in (
        (1, "Cover-2", "centicents", 15_000),
        (2, "Volume, contracts", "qty", 250),
        (3, "Trades", "count", 7),
        (4, "Margin calls", "count", None),
    ):
        tables.put(
            "disclose.key_figures", DAY, figure_order=order, words=words, unit=unit, today=today
        )
    assert plotted_figures(HandDay(tables, DAY), "disclose", {})["disclose.key_figures"] == {
        "Cover-2, dollars": 1.5,
        "Volume, contracts": 2.5,
        "Trades": 7,
    }


def test_every_plot_of_a_venue_has_a_figure_and_a_unit(finished):
    """Each table with rows on the second day has figures; a label ends with a unit or says
    what is counted."""
    with open_lake(finished, read_only=True) as lake:
        day = DAY_1.replace(day=DAY_1.day + 1)
        for table, sql in ((t, sql) for stage in STAGES for t, sql in plots()[stage].items()):
            found = lake.connection.execute(sql, {"business_date": day})
            labels = [column[0] for column in found.description]
            values = found.fetchone()
            (rows,) = lake.connection.execute(
                f"SELECT COUNT(*) FROM {table} WHERE business_date = ?", [day]
            ).fetchone()
            assert not rows or any(value is not None for value in values), table
            for label in set(labels) - {"*", "trades"}:
                unit = any(f", {name}" in label for name in UNITS)
                assert unit or label.split()[0] in COUNTED or label in _NUMBERS, (table, label)


_NUMBERS = {"hours survived", "late calls", "proven minimum of resolutions"}
