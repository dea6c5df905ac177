"""Parameters of an event: by hand from margin-model.md sections 3 and 4."""

import pytest

from reporting.model.margin.parameters import (
    PoolVolatility,
    Resolution,
    cluster_of,
    event_parameters,
    information,
    squared_ratio,
)

from ..schedules import schedule

DAY = 86_400
SCHEDULE = schedule()


def resolution(**changes):
    usual = {"category": "Politics", "series": "KXFED", "tau_seconds": 10 * DAY}
    return Resolution(event_ticker="KXFED-26", date="2026-06-10", **usual | changes)


def test_the_bridge_reveals_its_share_of_the_days():
    """v = 1: 5 of 20 days are a quarter; v^2 = 2: 1 - 0.75^2; all inside the period."""
    assert information(5, 20, 1.0) == pytest.approx(0.25)
    assert information(5, 20, 2.0) == pytest.approx(0.4375)
    assert information(5, 5, 1.0) == information(5, 3, 0.1) == 1.0


@pytest.mark.parametrize(
    ("pool", "square"),
    [
        (PoolVolatility(0.9, 1.3, 0.8, 60), 1.0),  # the blend: 0.75 x 0.9 + 0.25 x 1.3
        (PoolVolatility(0.9, 0.9, 1.7, 60), 1.7),  # ten years
        (PoolVolatility(2.0, 2.0, 1.7, 60), 2.0),  # the moving average
        (PoolVolatility(0.1, 0.1, 0.1, 60), 0.25),  # v_min squared
        (PoolVolatility(9.0, 9.0, 9.0, 59), 1.0),  # too few observations
    ],
)
def test_the_ratio_is_the_largest_of_four(pool, square):
    assert squared_ratio(SCHEDULE, "Politics", pool) == pytest.approx(square)


def test_an_event_that_may_close_early_can_resolve_in_the_period():
    """50 basis points a day for one day; the same for five days of a swap."""
    one_day = event_parameters(SCHEDULE, resolution(may_close_early=True), PoolVolatility())
    assert one_day.early_probability == pytest.approx(0.005)
    assert one_day.resolves_in_period
    swap = schedule(legal_class={"default": "swap"})
    five_days = event_parameters(swap, resolution(may_close_early=True), PoolVolatility())
    assert five_days.early_probability == pytest.approx(1 - 0.995**5)


def test_a_scheduled_event_does_not_resolve_before_its_time():
    parameters = event_parameters(SCHEDULE, resolution(), PoolVolatility())
    assert parameters.early_probability == 0
    assert not parameters.resolves_in_period
    at_its_time = event_parameters(SCHEDULE, resolution(tau_seconds=DAY), PoolVolatility())
    assert at_its_time.early_probability == 1
    assert at_its_time.resolves_in_period


def test_an_event_by_a_date_happens_on_any_day():
    """p = 0.19 in 2 days: half of the time leaves a factor sqrt(0.81) = 0.9."""
    by_date = resolution(
        may_close_early=True, by_date=True, happens_probability=0.19, tau_seconds=2 * DAY
    )
    parameters = event_parameters(SCHEDULE, by_date, PoolVolatility())
    assert parameters.by_probability == pytest.approx(0.1)
    assert parameters.early_probability == 0
    assert not parameters.resolves_in_period


def test_a_low_ratio_lowers_the_information_but_not_that_of_the_gap():
    """v^2 = 0.25, one of ten days: 1 - 0.9^0.25, and 0.1 for the gap."""
    parameters = event_parameters(SCHEDULE, resolution(), PoolVolatility(0.1, 0.1, 0.1, 99))
    assert parameters.volatility_ratio == 0.5
    assert parameters.information == pytest.approx(1 - 0.9**0.25)
    assert parameters.gap_information == pytest.approx(0.1)


def test_clusters_by_series_by_name_and_by_link():
    assert cluster_of(SCHEDULE, resolution()) == "KXFED@2026-06-10"
    named = schedule(clusters={"KXFED": "FOMC"})
    assert cluster_of(named, resolution()) == "FOMC@2026-06-10"
    linked = schedule(linked_events={"KXFED-26": "one of two"})
    assert cluster_of(linked, resolution()) == "one of two"
