"""Parts of the venue's margin against published values and figures worked out by hand."""

import hashlib
from datetime import date
from statistics import NormalDist

import numpy as np
import pytest

from reporting.simulator.margin import draws
from reporting.simulator.margin.history import CycleState, MarketHistory
from reporting.simulator.margin.margin_events import MarginEvents
from reporting.simulator.margin.probabilities import state_probabilities
from reporting.simulator.margin.shortfall import tail_sums, up_from_thousandths
from reporting.simulator.margin.volatility import (
    VolatilityPools,
    bridge_moves,
    event_mean,
    pool_of,
)
from reporting.simulator.market.listing import Listing, happens_by
from reporting.simulator.schedules import schedules_from

from .hand_margin import DAY, YES_NO, cycle_state, schedule


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


def test_a_stream_has_one_draw_in_each_equal_part(monkeypatch):
    # Ranks 1, 0 and 2 of the first three words; the other three say where in a third: k = 0,
    # 2^52 and 2^53 - 1, plus a half; the last is held below 1.
    words = np.array([7, 5, 7, 0, 2**63, 2**64 - 1], np.uint64)
    monkeypatch.setattr(draws, "words", lambda *_: words)
    found = draws.uniforms(1, "U", "patched", 3).tolist()
    assert found == [(1 + 2.0**-54) / 3, (0.5 + 2.0**-54) / 3, 1 - 2.0**-53]


def test_normals_are_the_inverse_of_the_uniforms():
    uniform = draws.uniforms(1, "eps", "E", 41)
    assert sorted(np.floor(uniform * 41).tolist()) == list(range(41))
    inverse = [NormalDist().inv_cdf(u) for u in uniform.tolist()]
    assert draws.normals(1, "eps", "E", 41) == pytest.approx(inverse, abs=1e-12)


PAIRS = [[1, 1, 1, 0, 0, 0], [1, 0, 0, 1, 1, 0], [0, 1, 0, 1, 0, 1], [0, 0, 1, 0, 1, 1]]
THREE = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
THREE_OR_NONE = [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]]
LADDER = [[0, 1, 1, 1], [0, 0, 1, 1], [0, 0, 0, 1]]
CROSS = [[1, 1, 0, 0], [1, 0, 1, 0]]
OPEN = [-1] * 4


@pytest.mark.parametrize(
    ("structure", "payoffs", "cents", "settled", "expected"),
    [
        ("binary", [[0, 1]], [37], OPEN, [0.63, 0.37]),
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


def test_moves_are_measured_against_a_bridge():
    # From 50 to 60 cents, 10 and 8 days before the end: c^2 = 0.8, x = 0.2533471 and 0:
    # 0.8 * 0.0641848 / 0.2 = 0.2567390. From 60 to 70, 8 and 6 days before: c^2 = 0.75,
    # (0.8660254 * 0.5244005 - 0.2533471)^2 / 0.25 = 0.1612778.
    marks, before = np.array([6_000, 7_000]), np.array([5_000, 6_000])
    tau, earlier = np.array([8, 6]) * DAY, np.array([10, 8]) * DAY
    found = bridge_moves(marks, before, tau, earlier)
    assert found == pytest.approx([0.2567390, 0.1612778], abs=1e-7)
    # Nothing on the last day, nor from 2 or 98 cents or beyond.
    none = bridge_moves(
        np.array([5_000] * 3),
        np.array([4_000, 200, 9_800]),
        np.array([1, 9, 9]) * DAY,
        earlier[0] + np.zeros(3),
    )
    assert np.isnan(none).all()
    # Today's price may be anything, held between 0.0001 and 0.9999: x = -3.7190165.
    low = bridge_moves(np.array([0]), np.array([5_000]), tau[:1], earlier[:1])
    assert low == pytest.approx(0.8 * 3.7190165**2 / 0.2, abs=1e-5)
    assert event_mean([0.25, 0.5, 1e-13]) == 250_000_000_000


def test_pools_of_volatility():
    key, pools, half = pool_of("Economics", 5 * DAY), VolatilityPools(), 10**12 // 2

    def variance(least=1, floor=0.0):
        return pools.variance(key, floor, least)

    assert variance() == 1
    pools.observe(date(2026, 5, 4), [(key, half), (key, 3 * half)])
    assert variance() == pytest.approx(1.0)  # the mean of the first day
    pools.observe(date(2026, 5, 5), [(key, 0)])
    # ewma 0.97, stress 1, ten years 2 / 3.
    assert variance() == pytest.approx(0.75 * 0.97 + 0.25)
    # Three event-days so far: with four required the pool counts as 1, or as the floor.
    assert (variance(least=4), variance(least=4, floor=0.5)) == (1, 1)
    assert variance(floor=1.5) == 2.25
    pools.observe(date(2026, 5, 6), [])
    assert variance() == pytest.approx(0.9775)
    pools.observe(date(2026, 5, 7), [(key, 0)] * 5)
    # A large day: ewma 0.97^2 * 0.97 + 0.03 * 8 = 1.152673; ten years (2 + 90 * 8) / 98.
    pools.observe(date(2026, 5, 8), [(key, 16 * half)] * 90)
    assert variance() == pytest.approx(722 / 98)
    # After ten years the first days are forgotten one by one, the average stays.
    pools.observe(date(2036, 5, 8), [])
    assert variance() == pytest.approx(0.97**3 + 0.03 * 8)


def test_buckets_count_part_days_as_whole():
    days = [-1, 2, 2.01, 7, 7.01, 30, 30.01, 90, 90.01]
    buckets = [pool_of("c", int(day * DAY))[1] for day in days]
    assert buckets == [0, 0, 1, 1, 2, 2, 3, 3, 4]


def _history(separate: bool) -> CycleState:
    """Three days of three markets; the second trades on the first and the last of them."""
    listing = Listing()
    states = 10_000 * np.eye(4)
    listing.add("E", "S", "x", list("ABCD"), states, 12 * DAY, category="Sports", separate=separate)
    history, nothing = MarketHistory(listing), np.zeros(4, np.int64)
    marks = np.array([5_000, 5_000, 4_000, 5_000])
    seen = np.array([True, True, False, True])
    history.close(date(1970, 1, 3), 2 * DAY, marks, seen, [], nothing)
    marks = np.array([6_000, 5_000, 4_000, 5_000])
    seen = np.array([True, False, False, False])
    history.close(date(1970, 1, 5), 4 * DAY, marks, seen, [], nothing)
    marks = np.array([7_000, 6_000, 4_000, 9_000])
    seen = np.array([True, True, True, True])
    state = history.close(date(1970, 1, 7), 6 * DAY, marks, seen, [(3, 10_000)], nothing)
    return state


def test_observations_are_moves_since_the_contracts_own_last_trade():
    # A: 0.2567390 on the second day and 0.1612778 on the third. B on the third, 10 to 6 days:
    # 0.6 * 0.0641848 / 0.4 = 0.0962772, in one event with A: 0.1287775. C trades for the first
    # time, D settles.
    state = _history(separate=False)
    key = "Sports", 1
    first, second = 0.2567390, (0.1612778 + 0.0962772) / 2
    # The second falls into the bucket up to 7 days, the first above it.
    assert state.pools.variance(("Sports", 2), 0.0, 1) == pytest.approx(first, abs=1e-6)
    assert state.pools.variance(key, 0.0, 1) == pytest.approx(second, abs=1e-6)
    assert state.pools.variance(key, 0.0, 2) == 1
    # Contracts that stand alone are one listed event, too.
    apart = _history(separate=True).pools
    assert apart.variance(key, 0.0, 1) == pytest.approx(second, abs=1e-6)
    assert apart.variance(key, 0.0, 2) == 1


def test_daily_volume_counts_from_the_first_trade():
    listing = Listing()
    listing.add("E", "S", "exclusive", ["A", "B"], 10_000 * np.eye(2), 3 * DAY)
    history, nothing, marks = MarketHistory(listing), np.zeros(2, np.int64), np.array([1, 1])
    history.take(date(2026, 5, 4), np.array([0, 0, 1]), np.array([300, 100, 500]))
    traded = np.array([True, True])
    state = history.close(date(2026, 5, 4), 0, marks, traded, [(1, 10_000)], nothing)
    assert state.settled.tolist() == [-1, 10_000]
    assert state.daily_volume.tolist() == [400, 500]
    # 4 contracts over three days, the first and the last included.
    later = history.close(date(2026, 5, 6), 2 * DAY, marks, ~traded, [], nothing)
    assert later.daily_volume[0] == pytest.approx(400 / 3)


def _own(tau_days=10.0, changes=None, structure="binary", payoffs=YES_NO, series="S", **facts):
    listing = Listing()
    tau = None if tau_days is None else int(tau_days * DAY)
    listing.add("E-1", series, structure, ["E-1"], payoffs, tau, **facts)
    marks = cycle_state([5_000])
    return MarginEvents(listing, schedule(SWAP | (changes or {})), marks)[0]


SWAP = {"legal_class": {"default": "swap"}}


def test_chance_of_an_early_end_and_share_of_news():
    rate = {"jump_rate_bps_per_day": {"default": 100}}
    # 1 - 0.99^5, and only where a market may close early and not by a date.
    assert _own(changes=rate, early=True).early_chance == pytest.approx(0.0490099501)
    assert _own(changes=rate).early_chance == 0
    assert _own(changes=rate, early=True, happens_by=True).early_chance == 0
    # Five of ten days reveal half; with v^2 = 2 three quarters; all within the period.
    assert _own().revealed() == pytest.approx(0.5)
    assert _own().revealed(2.0) == pytest.approx(0.75)
    assert _own(5).revealed() == 1.0


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
    assert _own().cluster == "S@1970-01-11"
    assert _own(changes={"clusters": {"S": "T"}}).cluster == "T@1970-01-11"
    assert _own(changes={"linked_events": {"E-1": "L"}}).cluster == "L"
    # Without a record the series is what stands before the first dash.
    assert _own(None, series="").cluster == "E@unknown"
    # A swap: from 6 to 12 days, so 10 days weigh 2/6; without a time it is charged in full.
    own = _own()
    assert own.ramp_weight * 3 == own.weight_of
    assert _own(None).ramp_weight == own.weight_of
    # Too many states to list: no probabilities, and so no scenario price.
    assert _own(structure="matrix", payoffs=np.zeros((1, 4_097), int)).chance is None


def test_tail_is_rounded_loss_by_loss():
    # Two accounts, contracts with losses per unit in three scenarios; the worst two of each.
    losses = np.array([[0.5, -1.0, 0.25], [0.1, 0.0, 0.0001]])
    found = tail_sums(
        3,
        np.array([2, 0, 2]),
        np.array([1, 0, 0]),
        np.array([3, -2, 4]),
        losses,
        worst=2,
        fixed=np.zeros(3),
    )
    # Account 0: -1, 2, -0.5: 2 + ceil(-0.5) = 2. Account 2: 2.3 and 1.0003 (rounds to 1.000).
    assert found.tolist() == [2, 0, 3 + 1]
    # Half a micro more in every scenario: 0.5 up to 1 and 2.5 to 3; 2.8 to 3 and 1.5003 to 2.
    fixed = np.array([0.5, 0.0, 0.5])
    more = tail_sums(
        3, np.array([2, 0, 2]), np.array([1, 0, 0]), np.array([3, -2, 4]), losses, 2, fixed
    )
    assert more.tolist() == [0 + 3, 0, 3 + 2]
    assert up_from_thousandths(np.array([1.0005001, 1.0004999, -0.2])).tolist() == [2, 1, 0]


def test_both_schedules_hold_every_parameter():
    older, newer = schedules_from(date(2026, 5, 4))
    # The newer one has two more, which may be left out.
    more = {"tied_collateral", "factor_signs"}
    assert set(newer.parameters) - set(older.parameters) == more
    assert set(older.parameters) < set(newer.parameters)
    assert (older.effective, newer.effective) == (date(2025, 3, 30), date(2026, 4, 4))
    assert (older.version, newer.version) == ("MS-2025-1", "MS-2026-2")
    # The four days and the half day of the older one are shorter: what differs must show.
    assert older.ramp_seconds("Sports") == (5 * DAY + DAY // 2, 9 * DAY)
    assert newer.ramp_seconds("Sports") == (6 * DAY, 12 * DAY)
    assert newer.ramp_seconds("Polls") == (2 * DAY, 8 * DAY)
