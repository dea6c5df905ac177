"""Parameters of an event and add-ons of a position, by hand: sections 3 to 5."""

from fractions import Fraction

import pytest

from reporting.replica import Pool
from reporting.replica.add_ons import add_on
from reporting.replica.listed import priced_units
from reporting.replica.parameters import bucket_of, event_parameters

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
    # Linked events have the name alone, their separate binaries too.
    assert parameters(event(), linked_events={"E": "one seat"}).cluster == "one seat"
    (unit,) = priced_units(event(structure="binaries"))
    assert parameters(unit, linked_events={"E": "one seat"}).cluster == "one seat"
    assert parameters(unit, linked_events={"E-1": "one seat"}).cluster == "S@2026-01-28"


def test_the_sign_is_that_of_the_series_of_ordered_events():
    assert parameters(event(), factor_signs={"S": -1}).sign == -1
    assert parameters(event(), factor_signs={"T": -1}).sign == 1
    free = event(structure="exclusive", probabilities=(0.6, 0.4))
    assert parameters(free, factor_signs={"S": -1}).sign == 1


BY = {
    "contracts": (contract(mark=3600, may_close_early=True),),
    "probabilities": (0.64, 0.36),
    "title": "Will it happen before 2027?",
    "category": "Economics",
    "tau_seconds": 10 * DAY,
}
TWO_EARLY = tuple(contract(f"E-{n}", may_close_early=True) for n in ("1", "2"))


@pytest.mark.parametrize(
    ("changes", "happened", "probability"),
    [
        # mpor 5 of tau 10 days: 1 - 0.64 ** 0.5 = 0.2.
        ({}, (1,), 0.2),
        ({"title": "Will it happen BY May?"}, (1,), 0.2),
        # All of pH where tau is within the period.
        ({"tau_seconds": 5 * DAY}, (1,), 0.36),
        ({"tau_seconds": 0}, (1,), 0.36),
        # Whole words only, and all markets must be able to close early.
        ({"title": "Baby names"}, (), 0.0),
        ({"contracts": (contract(mark=3600),)}, (), 0.0),
        ({"structure": "combination"}, (), 0.0),
        # pH = 0.16 + 0.2 of the two.
        (
            {
                "contracts": TWO_EARLY,
                "structure": "exclusive",
                "probabilities": (0.16, 0.2, 0.64),
            },
            (0, 1),
            0.2,
        ),
        (
            {
                "contracts": (contract("E-1"), TWO_EARLY[1]),
                "structure": "exclusive",
                "probabilities": (0.16, 0.2, 0.64),
            },
            (),
            0.0,
        ),
    ],
)
def test_what_happens_by_a_date(changes, happened, probability):
    found = parameters(event(**{**BY, **changes}))
    assert found.happened == happened
    assert found.happens_probability == pytest.approx(probability, abs=1e-15)
    if happened:
        assert found.jump_probability == 0


@pytest.mark.parametrize(
    ("changes", "probability", "may_resolve"),
    [
        # A tenth a day over 5 days: 1 - 0.9 ** 5 = 0.40951; of any leg.
        ({}, 0.40951, True),
        ({"contracts": (contract("E-1"), TWO_EARLY[1])}, 0.40951, True),
        ({"contracts": (contract(),)}, 0.0, False),
        ({"tau_seconds": 5 * DAY}, 1.0, True),
        ({"tau_seconds": 5 * DAY, "contracts": (contract(),)}, 0.0, True),
        ({"title": "By May?"}, 0.0, False),
        ({"title": "By May?", "tau_seconds": 5 * DAY}, 0.0, True),
    ],
)
def test_early_resolution(changes, probability, may_resolve):
    found = parameters(
        event(**{**BY, "title": "Who wins?", **changes}),
        jump_rate_bps_per_day={"default": 0, "Economics": 1000},
    )
    assert found.jump_probability == pytest.approx(probability, abs=1e-12)
    assert found.may_resolve is may_resolve


def test_separate_binaries_share_what_their_event_may_do():
    """The second may close early: both may resolve early, neither is "by T"."""
    both = event(contract("E-1"), TWO_EARLY[1], structure="binaries", title="By May?")
    for unit in priced_units(both):
        found = parameters(unit)
        assert found.jump_probability == pytest.approx(0.005)
        assert found.happened == ()
    for unit in priced_units(event(*TWO_EARLY, structure="binaries", title="By May?")):
        assert parameters(unit).happened == (1,)


@pytest.mark.parametrize(
    ("pool", "v_squared"),
    [
        # The largest of the average, 0.75 x 0.6 + 0.25 x stress, ten years, and 0.5 squared.
        (Pool(0.6, 0.6, 0.5, 60), 0.6),
        (Pool(0.6, 1.0, 0.5, 60), 0.7),
        (Pool(0.6, 1.0, 0.8, 60), 0.8),
        (Pool(0.1, 0.1, 0.1, 60), 0.25),
        # 59 event-days are too few: 1.
        (Pool(9.0, 9.0, 9.0, 59), 1.0),
        (Pool(0.1, 0.1, 0.1, 59), 1.0),
    ],
)
def test_volatility_is_the_largest_of_four(pool, v_squared):
    """Bucket 2: 8 to 30 days. mpor 1 of 20 days: f = 1 - 0.95 ** v^2, of the gap with v >= 1."""
    pools = {("Sports", 2): pool, ("Other", 2): Pool(9.0, 9.0, 9.0, 99)}
    found = parameters(event(tau_seconds=20 * DAY), pools)
    assert found.v**2 == pytest.approx(v_squared)
    assert found.information == pytest.approx(1 - 0.95**v_squared)
    assert found.gap_information == pytest.approx(0.05)
    assert parameters(event(tau_seconds=31 * DAY), pools).v == 1


def test_a_volatile_pool_counts_in_the_gap_too():
    found = parameters(event(tau_seconds=20 * DAY), {("Sports", 2): Pool(2.0, 2.0, 2.0, 60)})
    assert found.information == found.gap_information == pytest.approx(1 - 0.95**2)


@pytest.mark.parametrize("tau_days", [0, 0.5, 1])
def test_everything_is_known_at_the_end(tau_days):
    assert parameters(event(tau_seconds=int(tau_days * DAY))).information == 1


LIQUID = {"daily_volume": Fraction(10_000), "open_interest": 10_000}
"""100 contracts a day, 100 open."""


@pytest.mark.parametrize(
    ("mark", "quantity", "owner", "market", "changes", "micros"),
    [
        # sp = phi(0) x 0.5 = 0.199471; sqrt(4 / 100) = 0.2: 0.01 + 0.039894 of 4 contracts.
        (5000, 400, 400, LIQUID, {}, 199_577),
        (5000, -400, 400, LIQUID, {}, 199_577),
        # Half the impact: 0.01 + 0.019947.
        (5000, 400, 400, LIQUID, {"impact_bps": 5000}, 119_788),
        # The owner has 16 on several accounts: sqrt(16 / 100) = 0.4: 0.01 + 0.079788.
        (5000, 400, 1600, LIQUID, {}, 359_154),
        # phi(Phi^-1(0.95)) = 0.103136: 0.1 + 0.010314 is more than a short of 0.95 can lose.
        (9500, -400, 400, LIQUID, {"half_spread_centicents": 1000}, 200_000),
        # 0.995 is taken as 0.98: phi(2.053749) = 0.048418, 0.01 + 0.004842 of a long.
        (9950, 400, 400, LIQUID, {}, 59_367),
        # A market without volume costs b.
        (6000, 400, 400, {"daily_volume": Fraction(0)}, {}, 2_400_000),
        (6000, -400, 400, {"daily_volume": Fraction(0)}, {}, 1_600_000),
        # Share 4 / 20 = 0.2 of limit 0.1: twice. At the limit: once. Of an owner with 8: 0.4,
        # four times 0.01 + sqrt(8 / 100) x 0.199471 = 0.066419.
        (
            *(5000, 400, 400, {**LIQUID, "open_interest": 2000}),
            *({"concentration_share_bps": 1000}, 399_154),
        ),
        (
            *(5000, 400, 400, {**LIQUID, "open_interest": 4000}),
            *({"concentration_share_bps": 1000}, 199_577),
        ),
        (
            *(5000, 400, 800, {**LIQUID, "open_interest": 2000}),
            *({"concentration_share_bps": 1000}, 1_062_704),
        ),
    ],
)
def test_add_on_by_hand(mark, quantity, owner, market, changes, micros):
    """f = 1/4."""
    schedule = SCHEDULE | {"impact_bps": 10_000} | changes
    found = add_on(contract(mark=mark, **market), quantity, owner, 0.25, schedule)
    assert found.micros == pytest.approx(micros, abs=2)


def test_splitting_over_accounts_of_an_owner_earns_nothing():
    """16 on one account, or 4 on each of four: the same add-on in all."""
    schedule = SCHEDULE | {"impact_bps": 10_000, "concentration_share_bps": 500}
    market = contract(mark=5000, **LIQUID)
    together = add_on(market, 1600, 1600, 0.25, schedule).micros
    apart = 4 * add_on(market, 400, 1600, 0.25, schedule).micros
    assert apart == pytest.approx(together)
