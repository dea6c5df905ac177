"""Metrics, trends and histories of sql/disclose against rows counted by hand."""

from datetime import date

import pytest
from lake_fixture import DAY, PREVIOUS, Lake

from reporting.engine.tables import dependents

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("packs-sql")]


def _metric(lake: Lake, day: date, metric: str, value: int, kind="venue", scope="") -> None:
    lake.insert(
        "recompute.metrics",
        business_date=day,
        metric=metric,
        scope_kind=kind,
        scope=scope,
        value=value,
        unit="count",
    )


def test_metrics_leave_out_members_and_small_accounts() -> None:
    """Twelve accounts of which ten are kept; of members only what concerns segregation."""
    lake = Lake()
    for number in range(12):
        _metric(lake, DAY, "unsecured_peak", number, "account", f"A{number:02d}")
    for metric in ("client_liabilities", "initial_margin"):
        _metric(lake, DAY, metric, 5, "member", "M1")
        _metric(lake, PREVIOUS, metric, 6, "member", "M1")
    _metric(lake, DAY, "leverage", 7)
    rows = lake.disclose(DAY)["metrics"]
    accounts = [row["scope"] for row in rows if row["scope_kind"] == "account"]
    assert accounts == [f"A{number:02d}" for number in range(11, 1, -1)]
    rest = [(row["metric"], row["value"]) for row in rows if row["scope_kind"] != "account"]
    assert rest == [("client_liabilities", 5), ("leverage", 7)]


def test_trends_are_whole_millionths() -> None:
    lake = Lake()
    lake.insert(
        "recompute.metric_trends",
        business_date=DAY,
        metric="average_trade_size_change",
        series="7 days against 28",
        observations=35,
        value=0.0123456,
        low=-1.5,
        high=None,
        co_exceedance=None,
        half_on=None,
        projected=None,
    )
    (row,) = lake.disclose(DAY)["metric_trends"]
    assert (row["value_e6"], row["low_e6"], row["high_e6"]) == (12_346, -1_500_000, None)


def test_daily_figures_are_those_of_the_venue_up_to_the_date() -> None:
    """A date without a metric has none; a later date and other scopes do not count."""
    lake = Lake()
    for day, value in ((date(2025, 4, 1), 10), (PREVIOUS, 20), (DAY, 30), (date(2025, 4, 9), 99)):
        _metric(lake, day, "open_interest", value)
        _metric(lake, day, "open_interest", 1_000, "category", "Sports")
    _metric(lake, DAY, "leverage", 12_345)
    rows = lake.disclose(DAY)["daily_figures"]
    assert [row["history_date"] for row in rows] == [date(2025, 4, 1), PREVIOUS, DAY]
    assert [row["open_interest_qty"] for row in rows] == [10, 20, 30]
    assert [row["leverage_bps"] for row in rows] == [None, None, 12_345]


def test_daily_figures_end_at_250_dates() -> None:
    lake = Lake()
    first = date.fromordinal(DAY.toordinal() - 250)
    for back in range(251):
        _metric(lake, date.fromordinal(DAY.toordinal() - back), "leverage", back)
    rows = lake.disclose(DAY)["daily_figures"]
    assert len(rows) == 250
    assert min(row["history_date"] for row in rows) == date.fromordinal(first.toordinal() + 1)


def _drill(lake: Lake, day: date, name: str, loss: int, used: dict[str, int]) -> None:
    lake.insert(
        "stress.drill",
        business_date=day,
        drill_id=name,
        affiliate_group="G1",
        scenario_id=f"S-{name}",
        loss_centicents=loss,
        unallocated_centicents=loss - sum(used.values()),
    )
    for order, (kind, amount) in enumerate(used.items()):
        lake.insert(
            "stress.drill_layers",
            business_date=day,
            drill_id=name,
            layer_order=order,
            layer_id=f"L{order}",
            layer_type=kind,
            words="",
            size_centicents=amount,
            used_centicents=amount,
            remaining_centicents=0,
        )


def test_the_history_of_drills_takes_the_largest_of_a_date() -> None:
    """Day 1: 100 = 50 + 10 of the defaulter, 7 + 3 + 0, 5 + 6 + 4, and 15 unallocated."""
    lake = Lake()
    used = {
        "defaulter_margin": 50,
        "defaulter_fund": 10,
        "own_capital": 7,
        "survivors_fund": 5,
        "insurance": 3,
        "facility": 0,
        "assessment": 6,
        "gains_haircut": 4,
    }
    _drill(lake, PREVIOUS, "large", 100, used)
    _drill(lake, PREVIOUS, "small", 40, {"defaulter_margin": 40})
    _drill(lake, DAY, "none", 0, {})
    for scenario, group, rank in (("S-large", "G1", 4), ("S-large", "G2", 1), ("S-x", "G1", 2)):
        lake.insert(
            "stress.family_cover",
            business_date=PREVIOUS,
            family=f"{scenario}{group}",
            cover_1_scenario_id=scenario,
            cover_1_group=group,
            cover_1_group_rank=rank,
        )
    first, second = lake.disclose(DAY)["drill_history"]
    assert (first["history_date"], first["scenario_id"], first["group_rank"]) == (
        PREVIOUS, "S-large", 4
    )  # fmt: skip
    assert (first["loss_centicents"], first["unallocated_centicents"]) == (100, 15)
    assert first["defaulter_centicents"] == 60
    assert first["house_centicents"] == 10
    assert first["survivors_centicents"] == 15
    assert first["layers_used"] == 7
    assert (second["loss_centicents"], second["layers_used"]) == (0, 0)
    assert (second["defaulter_centicents"], second["group_rank"]) == (0, None)


def test_neither_benchmarks_nor_metrics_hold_a_pack_up() -> None:
    """What they give is left out of the pack; any other figure it needs."""
    held_up = {"disclose.metric_trends", "recompute.metric_trends", "validate.benchmarks"}
    assert dependents("land.benchmarks") == held_up
    assert dependents("recompute.metrics") == {"disclose.metrics", "disclose.daily_figures"}
    assert "disclose.pack_files" in dependents("stress.backtest_results")
