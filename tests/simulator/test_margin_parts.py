"""Parts of the venue's margin against published values and figures worked out by hand."""

import hashlib
import math
from datetime import date

import numpy as np
import pytest

from reporting.simulator.margin import draws
from reporting.simulator.margin.history import MarketHistory
from reporting.simulator.margin.parameters import event_parameters, jump_chances
from reporting.simulator.margin.probabilities import state_probabilities
from reporting.simulator.margin.schedules import Schedule, schedules_from
from reporting.simulator.margin.shortfall import tail_sums, up_from_thousandths
from reporting.simulator.margin.volatility import VolatilityPools, pool_of, squared_moves
from reporting.simulator.market.listing import Event, Listing, happens_by

DAY = 86_400
PARAMETERS = schedules_from(date(2026, 1, 1))[-1].parameters


@pytest.mark.parametrize(
    ("before", "key", "block"),
    [
        (
            2**256 - 1,  # numpy counts one up before it makes a block
            (0, 0),
            "16554d9eca36314c db20fe9d672d0fdc d7e772cee186176b 7e68b68aec7ba23b",
        ),
        (
            2**256 - 2,
            (2**64 - 1, 2**64 - 1),
            "87b092c3013fe90b 438c3c67be8d0224 9cc7d7c69cd777b6 a09caebf594f0ba0",
        ),
    ],
)
def test_philox_gives_the_published_blocks(before, key, block):
    """Known answers of Random123 for philox4x64-10."""
    generator = np.random.Philox(counter=before, key=np.array(key, np.uint64))
    assert [f"{word:016x}" for word in generator.random_raw(4).tolist()] == block.split()


def test_streams_are_keyed_by_seed_kind_and_name():
    digest = hashlib.sha256(b"7\nF\nWeather").digest()
    key = [int.from_bytes(digest[n : n + 8], "little") for n in (0, 8)]
    first_block = np.random.Philox(counter=0, key=np.array(key, np.uint64)).random_raw(6)
    assert draws.words(7, "F", "Weather", 6).tolist() == first_block.tolist()


def test_uniforms_stay_inside_and_normals_are_their_inverse(monkeypatch):
    words = np.array([0, 2**63, 2**64 - 1], np.uint64)
    monkeypatch.setattr(draws, "words", lambda *_: words)
    # k = 0, 2^52 and 2^53 - 1; the last rounds to 1 and is held below it.
    found = draws.uniforms(1, "U", "c", 3)
    assert found.tolist() == [2.0**-54, 0.5 + 2.0**-54, 1 - 2.0**-53]
    assert draws.normals(1, "U", "c", 3)[1] == pytest.approx(0, abs=1e-15)


def test_stress_dates_come_first_and_never_less_than_their_share():
    parameters = PARAMETERS | {"scenarios": 41, "stress_factors_bps": [-35_000, 42_500]}
    factors = draws.GroupFactors(parameters)
    factor, jump = factors.of("Weather")
    assert factors.stress == 11  # a quarter of 41 is 10.25
    assert set(factor[:11].tolist()) <= {-3.5, 4.25}
    assert not set(factor[11:].tolist()) & {-3.5, 4.25}
    assert len(jump) == 41


PAIRS = [[1, 1, 1, 0, 0, 0], [1, 0, 0, 1, 1, 0], [0, 1, 0, 1, 0, 1], [0, 0, 1, 0, 1, 1]]
THREE = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
THREE_OR_NONE = [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]]
LADDER = [[0, 1, 1, 1], [0, 0, 1, 1], [0, 0, 0, 1]]
CROSS = [[1, 1, 0, 0], [1, 0, 1, 0]]
OPEN = [-1] * 4


@pytest.mark.parametrize(
    ("structure", "payoffs", "cents", "settled", "expected"),
    [
        ("binary", [[1, 0]], [37], OPEN, [0.37, 0.63]),
        ("exclusive_exhaustive", THREE, [40, 30, 20], OPEN, [4 / 9, 3 / 9, 2 / 9]),
        ("exclusive", THREE_OR_NONE, [40, 30, 20], OPEN, [0.4, 0.3, 0.2, 0.1]),
        ("exclusive", THREE_OR_NONE, [60, 40, 20], OPEN, [0.5, 1 / 3, 1 / 6, 0]),
        # What never traded shares the rest with "none"; alone it takes it.
        ("exclusive", THREE_OR_NONE, [40, 30, None], OPEN, [0.4, 0.3, 0.15, 0.15]),
        ("exclusive_exhaustive", THREE, [40, 30, None], OPEN, [0.4, 0.3, 0.3]),
        # A leg that settled at no is out, one that settled at yes is all.
        ("exclusive_exhaustive", THREE, [40, 30, 20], [-1, -1, 0], [4 / 7, 3 / 7, 0]),
        ("exclusive", THREE_OR_NONE, [40, 30, 20], [-1, 10_000, -1], [0, 1, 0, 0]),
        ("ladder", LADDER, [80, 50, 30], OPEN, [0.2, 0.3, 0.2, 0.3]),
        # 50 and 60 are out of order: both become 55.
        ("ladder", LADDER, [80, 50, 60], OPEN, [0.2, 0.25, 0, 0.55]),
        ("ladder", LADDER[::-1], [30, 50, 80], OPEN, [0.2, 0.3, 0.2, 0.3]),
        ("ladder", LADDER, [80, None, 30], OPEN, [0.2, 0.25, 0.25, 0.3]),
        # The lowest is reached: one of the two states above it.
        ("ladder", LADDER, [80, 50, 30], [10_000, -1, -1], [0, 0.5, 0.2, 0.3]),
        # Two of four, all alike: the six pairs share evenly.
        ("k_of_n", PAIRS, [50, 50, 50, 50], OPEN, [1 / 6] * 6),
        # States (a, .6 - a, .6 - a, a - .2): the squares are least at 8 a = 2.8.
        ("ladder_brackets", CROSS, [60, 60], OPEN, [0.35, 0.25, 0.25, 0.15]),
        # With .9 twice they would be least below the a = .8 where the last state reaches 0.
        ("ladder_brackets", CROSS, [90, 90], OPEN, [0.8, 0.1, 0.1, 0]),
        # The same contract at 40 and 60 cents: halfway, and evenly over what pays alike.
        ("matrix", [[1, 1, 0], [1, 1, 0]], [40, 60], OPEN, [0.25, 0.25, 0.5]),
        # Marks that sum to 3 where two pay 1 each: all come down by 1/4.
        ("k_of_n", PAIRS, [75, 75, 75, 75], OPEN, [1 / 6] * 6),
        # No settlement fits the terms: no state is ruled out, and the mark is not one either.
        ("exclusive_exhaustive", THREE, [10, 40, 20], [5_000, -1, -1], [0.4, 0.4, 0.2]),
    ],
)
def test_probabilities(structure, payoffs, cents, settled, expected):
    payoffs = 10_000 * np.array(payoffs)
    marks = np.array([-1 if value is None else 100 * value for value in cents])
    found = state_probabilities(structure, payoffs, marks, np.array(settled[: len(marks)]))
    assert found == pytest.approx(expected, abs=1e-12)


def test_nearest_probabilities_meet_the_conditions_of_the_least():
    """Marks that contradict each other: no state pulls the prices nearer than those in use.

    The slope of the distance by a state's probability is the same for all states in use and
    nowhere lower (Kuhn and Tucker); these marks are ones that scipy's nnls gets wrong.
    """
    pairs = [(a, b) for a in range(6) for b in range(a + 1, 6)]
    payoffs = np.array([[10_000 * (n in pair) for pair in pairs] for n in range(6)])
    marks = np.array([7_400, 8_000, 7_200, 2_900, 3_000, 5_300])
    found = state_probabilities("k_of_n", payoffs, marks, np.full(6, -1))
    slope = (payoffs @ found - marks) @ payoffs / 1e8
    assert found.sum() == pytest.approx(1, abs=1e-12)
    assert slope[found > 0] == pytest.approx(slope.min(), abs=1e-9)


def test_pools_of_volatility():
    # From 50 to 60 cents: log-odds 0 to 0.4054651; from 60 to 80: 0.9808293 more.
    marks, before = np.array([6_000, 8_000, 10_000]), np.array([5_000, 6_000, 0])
    squared = squared_moves(marks, before)
    assert squared[0] == pytest.approx(0.164401953893e12, abs=1)
    assert squared[1] == pytest.approx(0.962026023564e12, abs=1)
    # 0 and 1 count as 0.005 and 0.995: twice log(199).
    assert squared[2] == pytest.approx((2 * math.log(199)) ** 2 * 1e12, abs=1)
    key, pools = pool_of("Economics", 5 * DAY), VolatilityPools()
    assert pools.sigma(key) == 0
    pools.observe(date(2026, 5, 4), [(key, 4 * 10**10), (key, 12 * 10**10)])
    assert pools.sigma(key) == pytest.approx(0.08**0.5)  # the mean square of the first day
    pools.observe(date(2026, 5, 5), [(key, 0)])
    # ewma 0.97 * 0.08 = 0.0776, stress 0.08, ten years 0.16 / 3.
    blend = 0.75 * 0.0776**0.5 + 0.25 * 0.08**0.5
    assert pools.sigma(key) == pytest.approx(blend)
    pools.observe(date(2026, 5, 6), [])
    assert pools.sigma(key) == pytest.approx(blend)
    pools.observe(date(2026, 5, 7), [(key, 0)] * 5)
    # A large day: ewma 0.97^2 * 0.08 + 0.03 * 8; ten years (0.16 + 90 * 8) / (8 + 90).
    pools.observe(date(2026, 5, 8), [(key, 8 * 10**12)] * 90)
    assert pools.sigma(key) == pytest.approx((720.16 / 98) ** 0.5)
    # After ten years the first days are forgotten one by one, the variance stays.
    pools.observe(date(2036, 5, 8), [])
    ewma = 0.97 * 0.97 * 0.0776 + 0.03 * 8
    assert pools.sigma(key) == pytest.approx(ewma**0.5)


def test_buckets_count_part_days_as_whole():
    days = [-1, 2, 2.01, 7, 7.01, 30, 30.01, 90, 90.01]
    buckets = [pool_of("c", int(day * DAY))[1] for day in days]
    assert buckets == [0, 0, 1, 1, 2, 2, 3, 3, 4]


def test_observations_are_open_markets_that_traded_and_had_a_mark():
    listing = Listing()
    markets = ["A", "B", "C", "D"]
    listing.add("E", "S", "exclusive", markets, 10_000 * np.eye(4), 3 * DAY, category="Sports")
    history = MarketHistory(listing)
    day, nothing = date(2026, 5, 4), np.zeros(4, np.int64)
    history.take(day, np.array([0, 0, 1]), np.array([300, 100, 500]))
    marks, before = np.array([6_000] * 4), np.array([5_000, 5_000, -1, 5_000])
    traded = np.array([True, True, True, False])
    # B settles today, C had no mark, D did not trade: A alone is an observation.
    state = history.close(day, 0, marks, before, traded, [(1, 10_000)], nothing)
    assert state.pools.sigma(("Sports", 1)) == pytest.approx(math.log(1.5))
    assert state.settled.tolist() == [-1, 10_000, -1, -1]
    assert state.daily_volume[:2].tolist() == [400, 500]
    # 4 contracts over three days, the first and the last included.
    later = history.close(date(2026, 5, 6), 0, marks, marks, ~traded & False, [], nothing)
    assert later.daily_volume[0] == pytest.approx(400 / 3)


def _event(**facts) -> Event:
    return Event("E-1", "S", "binary", 0, 1, np.array([[10_000, 0]]), 10 * DAY, **facts)


def _own(event: Event, **changes):
    schedule = Schedule("MS-1", date(2026, 1, 1), "", "", PARAMETERS | changes)
    return event_parameters(event, schedule, 0)


def test_jump_chances():
    five = {"legal_class": {"default": "swap"}, "jump_rate_bps_per_day": {"default": 100}}
    # Information alone: 1 - 0.99^5. In stress nothing else.
    assert jump_chances(_own(_event(), **five), 0.2, 3.0) == pytest.approx((0.0490099501,) * 2)
    # Happens by a date in 10 days at 20 cents: 1 - 0.8^(5/10) = 0.105572809; with the other
    # 1 - 0.894427191 * 0.9509900499; in stress 1 - (1 - 0.316718427) * 0.9509900499.
    by = _own(_event(happens_by=True), **five)
    assert jump_chances(by, 0.2, 3.0) == pytest.approx((0.149408641, 0.350206023))
    # Three times 0.5 is held at 1; so is a sum of prices above 1.
    assert jump_chances(by, 0.75, 3.0)[1] == 1.0
    assert jump_chances(by, 1.2, 3.0) == (1.0, 1.0)
    # A resolution inside the period is certain.
    near = Event("E-1", "S", "binary", 0, 1, np.array([[10_000, 0]]), 5 * DAY)
    assert jump_chances(_own(near, **five), 0.2, 3.0) == (1.0, 1.0)


@pytest.mark.parametrize(
    ("structure", "title", "early", "expected"),
    [
        ("binary", "Will it land by June?", True, True),
        ("exclusive", "Who resigns Before June?", True, True),
        ("unknown", "Out before July", True, True),
        ("binary", "Will it land by June?", False, False),
        ("binary", "Nearby planets beforehand", True, False),
        ("exclusive_exhaustive", "When by June", True, False),
        ("ladder", "Above 3 by June", True, False),
        ("combination", "Both by June", True, False),
    ],
)
def test_what_happens_by_a_date(structure, title, early, expected):
    assert happens_by(structure, title, early) is expected


def test_clusters_and_ramp():
    # 10 days after the epoch is 11 January 1970.
    assert _own(_event()).cluster == "S@1970-01-11"
    assert _own(_event(), clusters={"S": "T"}).cluster == "T@1970-01-11"
    no_series = Event("E-1", "", "binary", 0, 1, np.array([[10_000, 0]]), None)
    # Without a record the series is what stands before the first dash.
    assert _own(no_series).cluster == "E@unknown"
    # A swap: from 6 to 12 days, so 10 days weigh 2/6; without a time it is charged in full.
    own = _own(_event())
    assert own.weight * 3 == own.weight_of
    assert _own(no_series).weight == _own(no_series).weight_of
    # Too many states to list: no scenario price.
    many = Event("E-1", "S", "matrix", 0, 1, np.zeros((1, 4_097), int), 20 * DAY)
    assert not _own(many).has_scenarios


def test_tail_is_rounded_loss_by_loss():
    # Two accounts, contracts with losses per unit in three scenarios; the worst two of each.
    losses = np.array([[0.5, -1.0, 0.25], [0.1, 0.0, 0.0001]])
    found = tail_sums(
        3, np.array([2, 0, 2]), np.array([1, 0, 0]), np.array([3, -2, 4]), losses, worst=2
    )
    # Account 0: -1, 2, -0.5: 2 + ceil(-0.5) = 2. Account 2: 2.3 and 1.0003 (rounds to 1.000).
    assert found.tolist() == [2, 0, 3 + 1]
    assert up_from_thousandths(np.array([1.0005001, 1.0004999, -0.2])).tolist() == [2, 1, 0]


def test_both_schedules_hold_every_parameter():
    older, newer = schedules_from(date(2026, 5, 4))
    # The newer one ties collateral to events as well: that parameter may be left out.
    assert set(newer.parameters) - set(older.parameters) == {"tied_collateral"}
    assert set(older.parameters) < set(newer.parameters)
    assert (older.effective, newer.effective) == (date(2025, 3, 30), date(2026, 4, 4))
    assert (older.version, newer.version) == ("MS-2025-1", "MS-2026-2")
    # The four days and the half day of the older one are shorter: what differs must show.
    assert older.ramp_seconds("Sports") == (5 * DAY + DAY // 2, 9 * DAY)
    assert newer.ramp_seconds("Sports") == (6 * DAY, 12 * DAY)
    assert newer.ramp_seconds("Polls") == (2 * DAY, 8 * DAY)
