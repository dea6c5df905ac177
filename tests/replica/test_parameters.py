"""Parameters of an event and add-ons of a position, by hand: docs/model.md sections 4 and 5."""

from dataclasses import replace
from fractions import Fraction

import pytest

from reporting.replica.add_ons import add_on
from reporting.replica.parameters import Pool, bucket_of, event_parameters

from .markets import DAY, SCHEDULE, contract, event


def parameters(found, pools=None, **schedule):
    return event_parameters(found, SCHEDULE | schedule, pools or {})


@pytest.mark.parametrize(
    ("category", "one_day", "legal_class", "days"),
    [
        ("Sports", [], "future", 1),
        ("Economics", [], "swap", 5),
        ("Economics", ["Economics"], "swap", 1),
        # The list is of swaps only.
        ("Sports", ["Sports"], "future", 3),
    ],
)
def test_liquidation_period_by_legal_class(category, one_day, legal_class, days):
    periods = {"future": 3 if one_day == ["Sports"] else 1, "option": 1, "swap": 5}
    found = parameters(
        event(category=category), liquidation_days=periods, swap_one_day_categories=one_day
    )
    assert (found.legal_class, found.liquidation_days) == (legal_class, days)


@pytest.mark.parametrize(
    ("tau_days", "weight"), [(0, 1), (2, 1), (5, Fraction(1, 2)), (7, Fraction(1, 6)), (8, 0)]
)
def test_ramp_begins_and_ends_after_the_liquidation_period(tau_days, weight):
    """mpor 1: tau0 = 1 + 1 = 2 days, tau1 = 1 + 7 = 8 days."""
    assert parameters(event(tau_seconds=tau_days * DAY)).ramp == weight


@pytest.mark.parametrize(
    ("seconds", "bucket"),
    [
        *((0, 0), (2 * DAY, 0), (2 * DAY + 1, 1), (7 * DAY, 1), (7 * DAY + 1, 2)),
        *((30 * DAY, 2), (30 * DAY + 1, 3), (90 * DAY, 3), (90 * DAY + 1, 4)),
    ],
)
def test_part_days_count_as_whole(seconds, bucket):
    assert bucket_of(seconds) == bucket


def test_clusters():
    assert parameters(event()).cluster == "S@2026-01-28"
    assert parameters(event(resolution_date=None)).cluster == "S@unknown"
    assert parameters(event(), clusters={"S": "primaries"}).cluster == "primaries@2026-01-28"


BY = {
    "contracts": (contract(mark=3600, may_close_early=True),),
    "probabilities": (0.36, 0.64),
    "title": "Will it happen before 2027?",
    "category": "Economics",
    "tau_seconds": 10 * DAY,
}


@pytest.mark.parametrize(
    ("changes", "multiple", "plain", "stressed"),
    [
        # mpor 5 of tau 10 days: by = 1 - 0.64 ** 0.5 = 0.2; no information jumps.
        ({}, 30_000, 0.2, 0.6),
        ({}, 90_000, 0.2, 1.0),
        ({"title": "Will it happen BY May?"}, 20_000, 0.2, 0.4),
        # Whole words only, and all markets must be able to close early.
        ({"title": "Baby names"}, 30_000, 0.0, 0.0),
        ({"contracts": (contract(mark=3600),)}, 30_000, 0.0, 0.0),
        ({"structure": "combination"}, 30_000, 0.0, 0.0),
        ({"tau_seconds": 5 * DAY}, 30_000, 1.0, 1.0),
        # p = 0.16 + 0.2 of the two; their sum is at most 1.
        (
            {
                "contracts": tuple(contract(f"E-{n}", may_close_early=True) for n in ("1", "2")),
                "structure": "exclusive",
                "probabilities": (0.16, 0.2, 0.64),
            },
            30_000,
            0.2,
            0.6,
        ),
    ],
)
def test_jump_probability_of_what_happens_by_a_date(changes, multiple, plain, stressed):
    found = parameters(
        event(**{**BY, **changes}),
        jump_rate_bps_per_day={"default": 0},
        stress_jump_multiple_bps=multiple,
    )
    assert found.jump_probability == pytest.approx(plain, abs=1e-15)
    assert found.stress_jump_probability == pytest.approx(stressed, abs=1e-15)


def test_information_jumps_come_on_top():
    """A tenth a day over 5 days: info = 1 - 0.9 ** 5 = 0.40951. With by = 0.2:
    h = 1 - 0.8 x 0.59049 = 0.527608; in stress by = 0.6: 1 - 0.4 x 0.59049 = 0.763804."""
    rates = {"default": 0, "Economics": 1000}
    found = parameters(event(**BY), jump_rate_bps_per_day=rates)
    assert found.jump_probability == pytest.approx(0.527608, abs=1e-12)
    assert found.stress_jump_probability == pytest.approx(0.763804, abs=1e-12)


def test_volatility_is_the_largest_of_four():
    """Bucket 2 (8 to 30 days): average 0.2, 0.75 x 0.2 + 0.25 x 0.4 = 0.25, ten-year 0.3.
    Bridge at 0.50: 0.3989423 / 0.25 / sqrt(16.5 - 0.5) = 0.3989423."""
    fifty = event(contract(mark=5000), tau_seconds=16 * DAY + DAY // 2)
    pools = {("Sports", 2): Pool(0.04, 0.16, 0.09), ("Other", 2): Pool(9.0, 9.0, 9.0)}
    found = parameters(fifty, pools)
    assert found.bridge == found.sigma == pytest.approx(0.3989422804)
    settled = replace(fifty, contracts=(contract(mark=5000, settled=True),))
    assert parameters(settled, pools).sigma == pytest.approx(0.3)
    pools["Sports", 2] = Pool(0.04, 1.0, 0.09)
    assert parameters(settled, pools).sigma == pytest.approx(0.75 * 0.2 + 0.25 * 1.0)
    assert parameters(settled).sigma == 0


def test_bridge_is_the_largest_over_open_legs_with_a_floor_of_half_a_day():
    """tau 1 day: 1 - 1/2 = 1/2 day. 0.50: 0.3989423 / 0.25 / 0.7071068 = 2.2567583. At 0.9999
    the price is clipped to 0.995: z = 2.5758293, phi = 0.0144597: / 0.004975 / 0.7071068."""
    both = (contract("E-1", 5000), contract("E-2", 9999), contract("E-3", None))
    found = parameters(event(*both, tau_seconds=DAY, structure="exclusive", probabilities=()))
    assert found.bridge == pytest.approx(0.0144597 / 0.004975 / 0.7071068, rel=1e-5)
    only = parameters(event(contract(mark=5000), tau_seconds=DAY))
    assert only.bridge == pytest.approx(2.2567583)


LIQUID = {"daily_volume": Fraction(10_000), "open_interest": 10_000}
"""100 contracts a day, 100 open."""


@pytest.mark.parametrize(
    ("mark", "quantity", "market", "changes", "micros"),
    [
        # sp = 0.25 x 1 x 2 = 0.50; sqrt(4 / 100) = 0.2: 0.01 + 0.10 = 0.11 of 4 contracts.
        (5000, 400, LIQUID, {}, 440_000),
        (5000, -400, LIQUID, {}, 440_000),
        # Half the impact: 0.01 + 0.05.
        (5000, 400, LIQUID, {"impact_bps": 5000}, 240_000),
        # 0.11 is more than a short of 0.95 can lose, 0.05.
        (9500, -400, LIQUID, {"half_spread_centicents": 1000}, 200_000),
        # A market without volume costs b.
        (6000, 400, {"daily_volume": Fraction(0)}, {}, 2_400_000),
        (6000, -400, {"daily_volume": Fraction(0)}, {}, 1_600_000),
        # Share 4 / 20 = 0.2 of limit 0.1: twice. At the limit: once.
        (5000, 400, {**LIQUID, "open_interest": 2000}, {"concentration_share_bps": 1000}, 880_000),
        (5000, 400, {**LIQUID, "open_interest": 4000}, {"concentration_share_bps": 1000}, 440_000),
    ],
)
def test_add_on_by_hand(mark, quantity, market, changes, micros):
    schedule = SCHEDULE | {"impact_bps": 10_000} | changes
    found = add_on(contract(mark=mark, **market), quantity, 1.0, 4, schedule)
    assert found.micros == pytest.approx(micros)
