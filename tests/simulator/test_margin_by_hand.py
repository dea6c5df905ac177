"""The venue's margin against figures worked out by hand; see hand_margin."""

import numpy as np
import pytest

from reporting.simulator.market.listing import Listing

from .hand_margin import DAY, FAR, FREE, YES_NO, binaries, requirement

NO_RAMP = {"ramp_tau0_seconds": 0, "ramp_tau1_seconds": DAY}


def _listing() -> Listing:
    """A weather event of three ranges tomorrow, and a binary in 6.5 days that may end early."""
    listing = Listing()
    listing.add("W", "WX", "exclusive_exhaustive", ["W1", "W2", "W3"], 10_000 * np.eye(3), DAY)
    listing.add("B", "BX", "binary", ["B1"], YES_NO, 6 * DAY + DAY // 2, early=True)
    return listing


def _margin(holdings, linked=None, netting=True, changes=None):
    # No news in the day to come: nothing is lost but what the ramp counts.
    changes = {"v_min_bps": {"default": 0}} | (changes or {})
    found = requirement(
        _listing(), [5_000, 3_000, 2_000, 6_000], holdings, changes, linked, netting
    )
    return {
        name: int(getattr(found, name)[0])
        for name in ("worst_case", "core", "initial", "maintenance")
    }


def test_one_event_near_resolution_is_charged_in_full():
    # 10 of W1 at 50c, short 4 of W2 at 30c. W1 wins: 10*(-.5) - 4*.3 = -6.20; W2 wins:
    # 10*.5 + 4*.7 = 7.80; W3 wins: 5 - 1.2 = 3.80. Worst 7.80 dollars.
    found = _margin([(0, 0, 1_000), (1, 0, -400)])
    assert found == {
        "worst_case": 78_000,
        "core": 78_000,
        "initial": 78_000,
        "maintenance": 62_400,
    }


def test_without_netting_each_market_stands_alone():
    # All three bought: together 0, alone 5 + 3 + 2 = 10 dollars.
    everything = [(0, 0, 1_000), (1, 0, 1_000), (2, 0, 1_000)]
    assert _margin(everything)["worst_case"] == 0
    assert _margin(everything, netting=False)["worst_case"] == 100_000


def test_an_event_that_may_end_early_is_charged_in_full():
    # 3.01 of B1 at 60c: worst 1.806 = 18,060 centicents, which a resolution costs at once.
    assert _margin([(3, 0, 301)]) == {
        "worst_case": 18_060,
        "core": 18_060,
        "initial": 18_060,
        "maintenance": 14_448,
    }


def test_a_sure_gain_pays_for_nothing_else():
    # 1,000 full sets marked 30 cents each: a gain of 100 dollars whatever happens. 200 long at
    # 50 cents due tomorrow may lose 100 and are charged 100.
    listing = Listing()
    listing.add("W", "WX", "exclusive_exhaustive", ["W1", "W2", "W3"], 10_000 * np.eye(3), DAY)
    listing.add("B", "BX", "binary", ["B1"], YES_NO, DAY)
    sets = [(market, 0, 100_000) for market in range(3)]
    found = requirement(listing, [3_000, 3_000, 3_000, 5_000], [*sets, (3, 0, 20_000)])
    assert (found.worst_case[0], found.initial[0]) == (1_000_000, 1_000_000)
    alone = requirement(listing, [3_000, 3_000, 3_000, 5_000], sets)
    assert (alone.worst_case[0], alone.initial[0]) == (0, 0)


def test_the_ramp_falls_with_the_time_to_resolution():
    # A day's liquidation: full up to 2 days, nothing from 8. The binary is 5 days away: half.
    # One lump with a chance of 1/5 in the day: it comes in 4 of 20 scenarios. With the tail of
    # one scenario the core is the whole price, with that of all 20 the ramped half of it alone.
    marks, book = [5_000], [(0, 0, 200)]
    assert requirement(binaries(5), marks, book, FREE).core[0] == 10_000
    mean = requirement(binaries(5), marks, book, FREE | {"alpha_bps": 1}).core[0]
    # 0.50 and half of the mean loss: a whole number of fortieths of the 2 dollars.
    steps = (mean - 5_000) / 500
    assert steps == round(steps) and abs(steps) <= 4


def test_an_account_tied_to_the_event_is_charged_in_full():
    for tied in ({"A": [0]}, {"SA": [0]}):
        found = requirement(binaries(7), [5_000], [(0, 0, -300)], FREE, linked=tied)
        assert found.core[0] == 15_000
    # The ramp alone, where all scenarios count: a sixth of 1.50.
    ramp = FREE | {"alpha_bps": 1, "v_min_bps": {"default": 0}}
    far = requirement(binaries(7), [5_000], [(0, 0, -300)], ramp, linked={"A": [1]})
    assert far.core[0] < 15_000


def test_fully_collateralised_positions_are_charged_alone():
    # Margined long and paid-in-full short of the same market do not net: 5.00 + 5.00.
    found = _margin([(0, 0, 1_000), (0, 1, -1_000)])
    assert found["worst_case"] == found["initial"] == 100_000


def test_numbers_are_rounded_up_to_a_centicent():
    # 0.03 contracts at a mark of 33.33c: 9,999 micros; 0.01 at 60.01c: 6,001 micros. In all
    # 16,000: 160 centicents. Alone 9,999 is 100; maintenance is four fifths.
    found = requirement(_listing(), [3_333, 3_000, 2_000, 6_001], [(0, 0, 3), (3, 0, 1)])
    assert found.worst_case[0] == 160
    one = requirement(_listing(), [3_333, 3_000, 2_000, 6_001], [(0, 0, 3)])
    assert (one.initial[0], one.maintenance[0]) == (100, 80)


def test_expected_shortfall_is_the_mean_of_the_tail():
    # The event ends today for certain: "no" in exactly 8 of 20 scenarios at 60 cents. 3 long lose
    # 1.80 in these and gain 1.20 in the others: the worst 8 lose 1.80 each, the worst 10
    # (8 x 1.80 - 2 x 1.20) / 10 = 1.20, all 20 nothing. 3 short: the worst 12 lose 1.20 each,
    # the worst 15 (12 x 1.20 - 3 x 1.80) / 15 = 0.60.
    sure = FREE | NO_RAMP | {"jump_rate_bps_per_day": {"default": 10_000}}
    listing = binaries(10, early=True)

    def core(qty, worst):
        changes = sure | {"alpha_bps": 10_000 - 500 * worst}
        return int(requirement(listing, [6_000], [(0, 0, qty)], changes).core[0])

    assert [core(300, worst) for worst in (1, 8, 10, 20)] == [18_000, 18_000, 12_000, 0]
    assert [core(-300, worst) for worst in (1, 12, 15)] == [12_000, 12_000, 6_000]


def test_what_marks_and_fitted_marks_disagree_on_counts_as_a_loss():
    # Marks 50, 40, 20 cents, fitted 1/1.1 of them. No news come. A long of the first has paid
    # 5,000 - 4,545.45 too much, which is charged; a short has got too much, which is not.
    listing = Listing()
    listing.add("W", "WX", "exclusive_exhaustive", ["W1", "W2", "W3"], 10_000 * np.eye(3), FAR)
    marks = [5_000, 4_000, 2_000]
    assert requirement(listing, marks, [(0, 0, 100)], FREE).core[0] == 455
    assert requirement(listing, marks, [(0, 0, -100)], FREE).core[0] == 0
    # Within one event it nets: long 1 of the first and short 1 of the second is
    # 454.55 - 363.64 = 90.91.
    assert requirement(listing, marks, [(0, 0, 100), (1, 0, -100)], FREE).core[0] == 91


def test_the_gap_of_a_lone_contract():
    # No early end. Four days away, liquidated in one: f = 1/4, lambda = 3.0902323 sqrt(1/3) =
    # 1.7841465. At 50 cents g = Phi(lambda) = 0.9628001: 0.9628001 * 0.5 - 0.0371999 * 0.5.
    no_scenarios = NO_RAMP | {"core_floor_bps": 0, "alpha_bps": 1}
    for qty in (100, -100):
        found = requirement(binaries(4), [5_000], [(0, 0, qty)], no_scenarios)
        assert found.core[0] == 4_629
    # At 60 cents "no" has 0.4: g = Phi(-0.2533471 + 1.7841465) = 0.9370907; long 10 lose
    # 10 * (0.9370907 * 0.6 - 0.0629093 * 0.4) = 5.3709.
    found = requirement(binaries(4), [6_000], [(0, 0, 1_000)], no_scenarios)
    assert found.core[0] == 53_710
    # A calm pool earns no discount here: v counts as 1 at least.
    calm = no_scenarios | {"v_min_bps": {"default": 0}}
    assert requirement(binaries(4), [6_000], [(0, 0, 1_000)], calm).core[0] == 53_710


def test_a_butterfly_has_a_gap():
    # States 0.3, 0.4, 0.3 of a ladder; short 1 of the lower rung, long 1 of the upper: the
    # middle state loses 1 - 0.7 + 0.3 = 0.60, the outer two gain 0.40. u = 0.4, as above:
    # 0.9370907 * 0.6 - 0.0629093 * 0.4 = 0.53709 for each.
    listing = Listing()
    rungs = 10_000 * np.array([[0, 1, 1], [0, 0, 1]])
    listing.add("L", "LX", "ladder", ["L1", "L2"], rungs, 4 * DAY)
    no_scenarios = NO_RAMP | {"core_floor_bps": 0, "alpha_bps": 1}
    book = [(0, 0, -1_000), (1, 0, 1_000)]
    assert requirement(listing, [7_000, 3_000], book, no_scenarios).core[0] == 53_710


def test_what_happens_by_a_date_may_only_happen():
    # Long 1 at 20 cents of "happens by": happening gains; it decays by itself, but the gap of a
    # move is charged. Short 1 loses 0.80 at once.
    listing = binaries(4, early=True, happens_by=True)
    no_scenarios = NO_RAMP | {"core_floor_bps": 0, "alpha_bps": 1}
    assert requirement(listing, [2_000], [(0, 0, -100)], no_scenarios).core[0] == 8_000
    # u = 0.8: g = Phi(0.8416212 + 1.7841465) = 0.9956770; 0.995677 * 0.2 - 0.004323 * 0.8.
    assert requirement(listing, [2_000], [(0, 0, 100)], no_scenarios).core[0] == 1_957
    # Due within the liquidation period it may fail to happen, too.
    near = binaries(1, early=True, happens_by=True)
    assert requirement(near, [2_000], [(0, 0, 100)], no_scenarios).core[0] == 2_000


def test_jump_to_resolution_adds_up_in_a_cluster():
    listing = Listing()
    for name, series, at in [("A", "SA", 20), ("B", "SB", 20), ("C", "SB", 21)]:
        listing.add(name, series, "binary", [name], YES_NO, at * DAY, early=True)
    marks, book = [5_000, 4_000, 3_000], [(0, 0, 100), (1, 0, 100), (2, 0, 100)]

    def core(**changes):
        changes = {"core_floor_bps": 0, "gap_quantile_bps": 5_000, "alpha_bps": 1} | changes
        return int(requirement(listing, marks, book, changes).core[0])

    # Alone 0.50, 0.40 and 0.30 dollars: the largest. One cluster of SA and SB: those of one
    # date add up. Kappa halves them.
    assert core() == 5_000
    assert core(clusters={"SA": "T", "SB": "T"}) == 9_000
    assert core(clusters={"SA": "T", "SB": "T"}, kappa_bps={"default": 5_000}) == 4_500
    # Events that exclude one another share a cluster whatever their date.
    assert core(linked_events={"A": "L", "C": "L"}) == 8_000
    # 40 % of the whole 1.20 is above half of the largest.
    assert core(kappa_bps={"default": 5_000}, core_floor_bps=4_000) == 4_800


COSTS = FREE | {
    "half_spread_centicents": 100,
    "impact_bps": 10_000,
    "concentration_share_bps": 1_000,
}


def _with_costs(qty, interest, changes=COSTS, mark=5_000, others=()):
    state = {"open_interest": np.array([interest]), "daily_volume": np.array([1_600.0])}
    changes = NO_RAMP | {"alpha_bps": 1} | changes
    return requirement(
        binaries(4), [mark], [(0, 0, qty)], changes, others=[(0, 0, q) for q in others], **state
    )


def test_add_ons_for_liquidity_and_concentration():
    # Standard deviation over a day 0.3989423 sqrt(1/4) = 0.1994711 dollars; 4 contracts are a
    # quarter of a day's volume: cost 0.01 + 0.1994711 / 2 = 0.1097356 each, 0.4389423 in all.
    assert _with_costs(400, 10_000).add_ons[0] == 4_390
    # 40 % of the open interest, 10 % allowed: times 1 + 0.3 / 0.1 = 4: 1.7557692.
    assert _with_costs(400, 1_000).add_ons[0] == 17_558
    assert _with_costs(-400, 1_000).add_ons[0] == 17_558
    # No cost above what is at stake: 2 cents of a long at 2 cents, whatever the spread.
    wide = COSTS | {"half_spread_centicents": 500, "impact_bps": 0}
    assert _with_costs(400, 10_000, wide, mark=200).add_ons[0] == 800
    assert _with_costs(-400, 10_000, wide, mark=200).add_ons[0] == 2_000
    # Margin never exceeds the worst case.
    wider = wide | {"half_spread_centicents": 9_000}
    assert _with_costs(400, 10_000, wider).initial[0] == 20_000
    # Fully collateralised books have no add-ons.
    in_full = requirement(binaries(4), [5_000], [(0, 1, 400)], COSTS)
    assert (in_full.add_ons[0], in_full.initial[0]) == (0, 20_000)


def test_splitting_over_accounts_of_an_owner_earns_nothing():
    whole = _with_costs(400, 1_000).add_ons[0]
    parts = _with_costs(100, 1_000, others=[300]).add_ons
    assert parts[:2].tolist() == [4_390, 13_169]  # a quarter and the rest, each rounded up
    assert 0 <= parts.sum() - whole <= 1
    # Opposite sides do not net: a short of 300 weighs as much beside the long of 100.
    assert _with_costs(100, 1_000, others=[-300]).add_ons.tolist() == parts.tolist()


def test_binaries_are_events_of_their_own():
    # Two contracts of one event whose states are not known to hang together. A sure gain in
    # one does not exist; worst cases add up, 0.50 + 0.50 for each, and so do the gaps.
    listing = Listing()
    alone = np.tile(YES_NO, (2, 1))
    listing.add("E", "S", "unknown", ["E-0", "E-1"], alone, 4 * DAY, separate=True)
    no_scenarios = NO_RAMP | {"core_floor_bps": 0, "alpha_bps": 1}
    found = requirement(listing, [5_000, 5_000], [(0, 0, 100), (1, 0, -100)], no_scenarios)
    assert (found.worst_case[0], found.core[0]) == (10_000, 9_257)  # 2 * 0.4628001, up


def test_a_void_at_a_fair_price():
    # Two outcomes at 60 and 40 cents, 10 contracts of each.
    listing = Listing()
    states = 10_000 * np.eye(2)
    listing.add("E", "S", "exclusive_exhaustive", ["E1", "E2"], states, DAY, void_at_fair=True)

    def worst(first, second, band, marks=(6_000, 4_000)):
        changes = {"fair_price_band_centicents": {"default": band}}
        book = [(0, 0, first), (1, 0, second)]
        return int(requirement(listing, list(marks), book, changes).worst_case[0])

    # A full set loses nothing in its states, and the band of both in a void.
    assert worst(1_000, 1_000, 1_000) == 20_000
    # The states cost more: 10 * 0.60 + 10 * 0.60.
    assert worst(1_000, -1_000, 1_000) == 120_000
    # No price falls below 0 or rises above 1.
    assert worst(1_000, 1_000, 5_000) == 90_000
    assert worst(-1_000, -1_000, 5_000) == 90_000


@pytest.mark.parametrize("correlated", [False, True])
def test_the_worse_of_both_sets_counts(correlated):
    # Twenty binaries, one factor: all long is worst with correlation; where half are short,
    # the moves of a common factor cancel, and the set without one counts.
    listing = Listing()
    for number in range(20):
        listing.add(f"E{number}", "S", "binary", [f"E{number}"], YES_NO, 4 * DAY)
    book = [(n, 0, 100 if correlated or n % 2 else -100) for n in range(20)]
    many = FREE | NO_RAMP | {"scenarios": 2_000, "lumps": {"default": 100}}

    def core(rho):
        changes = many | {"rho_bps": {"default": rho}}
        return int(requirement(listing, [5_000] * 20, book, changes).core[0])

    together, apart = core(9_000), core(0)
    assert together > 1.2 * apart if correlated else together == apart
