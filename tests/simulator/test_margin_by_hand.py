"""The venue's margin against figures worked out by hand; see hand_margin."""

import numpy as np

from reporting.simulator.market.listing import Listing

from .hand_margin import DAY, FREE, requirement


def _listing() -> Listing:
    """A weather event of three ranges tomorrow, a far binary in 6.5 days, both ex void."""
    listing = Listing()
    listing.add("W", "WX", "exclusive_exhaustive", ["W1", "W2", "W3"], 10_000 * np.eye(3), DAY)
    listing.add("B", "BX", "binary", ["B1"], np.array([[10_000, 0]]), 6 * DAY + DAY // 2)
    return listing


def _margin(holdings, linked=None, netting=True, changes=None):
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
    # 10 * 0.50 + 4 * 0.70 is the same 7.80 here; with 10 of W2 as well netting matters:
    # together W1 wins -5+3=-2, W2 wins 5-7=-2, W3 wins 8; alone 5 + 3 = 8: no difference.
    # All three bought: together 0, alone 5 + 3 + 2 = 10 dollars.
    everything = [(0, 0, 1_000), (1, 0, 1_000), (2, 0, 1_000)]
    assert _margin(everything)["worst_case"] == 0
    assert _margin(everything, netting=False)["worst_case"] == 100_000


def test_ramp_jump_and_floor_of_a_far_event():
    # 3.01 of B1 at 60c: worst 1.806 = 18,060 centicents. Weight (8 - 6.5) / (8 - 2) = 1/4,
    # ramped 4,515; the jump alone is the whole worst case of the single event.
    assert _margin([(3, 0, 301)]) == {
        "worst_case": 18_060,
        "core": 18_060,
        "initial": 18_060,
        "maintenance": 14_448,
    }


def test_two_events_are_ramped_and_capped():
    # Weather 2 of W1: worst 1.00, weight 1. Binary 3.01: ramped 0.4515, jump 1.806.
    # Core is the larger of 1.4515 and 1.806; the worst case is 2.806.
    found = _margin([(0, 0, 200), (3, 0, 301)])
    assert found["worst_case"] == 28_060
    assert found["core"] == found["initial"] == 18_060
    # With 3 of W1 (1.50): ramped 1.50 + 0.4515 = 1.9515 is above the jump.
    assert _margin([(0, 0, 300), (3, 0, 301)])["initial"] == 19_515


def test_an_account_tied_to_the_event_is_charged_in_full():
    for tied in ({"B": [0]}, {"BX": [0]}):
        assert _margin([(0, 0, 300), (3, 0, 301)], linked=tied)["initial"] == 33_060
    assert _margin([(0, 0, 300), (3, 0, 301)], linked={"B": [1]})["initial"] == 19_515


def test_fully_collateralised_positions_are_charged_alone():
    # Margined long and paid-in-full short of the same market do not net: 5.00 + 5.00.
    found = _margin([(0, 0, 1_000), (0, 1, -1_000)])
    assert found["worst_case"] == found["initial"] == 100_000


def test_numbers_are_rounded_up_to_a_centicent():
    # 0.01 contracts of W2 at 30c: 0.003 dollars = 30 centicents; of B1: ramped 15 of 60.
    # 0.01 at a mark of 33.33c would be 33.33: use the ramp, 0.07 of B1 = 420, quarter 105.
    found = requirement(_listing(), [3_333, 3_000, 2_000, 6_001], [(0, 0, 3), (3, 0, 1)])
    # Micros: 3*3333 = 9,999 -> W 9,999 + 6,001 = 16,000; ramped 9,999 + 1,501 (1,500.25 up)
    # = 11,500 -> 115 centicents; 160 for the worst case; maintenance 92.
    assert found.worst_case[0] == 160
    assert found.initial[0] == 115
    assert found.maintenance[0] == 92


def _far(tau_days: float, marks: list[int], structure: str = "binary", **facts):
    """One event that resolves in so many days, and its marks."""
    listing, count = Listing(), len(marks)
    tickers = [f"E-{n}" for n in range(count)]
    payoffs = np.array([[10_000, 0]]) if count == 1 else 10_000 * np.eye(count)
    listing.add("E", "S", structure, tickers, payoffs, int(tau_days * DAY), **facts)
    return listing, marks


def test_diffusion_over_one_day():
    # mpor 1 day: ramp from 2 to 8 days, 6.5 days weigh 1/4. No pool: sigma is the bridge,
    # 0.3989423 / (0.25 * sqrt(6.5 - 0.5)) = 0.651470 at 50 cents. One standard deviation down:
    # yes is shifted by -sigma, no by +sigma, so that the odds are exp(-1.302940) = 1 : 3.680100
    # and the price 0.2136706. 3 contracts: 0.75 * 3 * 0.2863294 + 0.25 * 1.50 = 1.0192411.
    down = FREE | {"stress_factors_bps": [-10_000]}
    found = requirement(*_far(6.5, [5_000]), [(0, 0, 300)], down)
    assert (found.core[0], found.initial[0], found.worst_case[0]) == (10_193, 10_193, 15_000)
    # The short gains as much: 0.25 * 1.50 - 0.75 * 0.8589881 is below zero, and so is the core.
    short = requirement(*_far(6.5, [5_000]), [(0, 0, -300)], down)
    assert short.initial[0] == 0
    # With the factor the other way the two change places.
    up = FREE | {"stress_factors_bps": [10_000]}
    assert requirement(*_far(6.5, [5_000]), [(0, 0, -300)], up).core[0] == 10_193


def test_diffusion_over_the_five_days_of_a_swap():
    # Ramp from 6 to 12 days: 9 days weigh 1/2. Bridge 0.3989423 / (0.25 * sqrt(9 - 2.5)) =
    # 0.625912; times sqrt(5) 1.399582; odds 1 : exp(2.799164) = 16.430908, price 0.0573694.
    # 2 contracts: 0.5 * 2 * 0.4426306 + 0.5 * 1.00 = 0.9426306.
    swap = FREE | {"legal_class": {"default": "swap"}, "stress_factors_bps": [-10_000]}
    assert requirement(*_far(9, [5_000]), [(0, 0, 200)], swap).core[0] == 9_427
    # A swap on wheat has one day: 9 days are beyond its ramp. Bridge 0.3989423 /
    # (0.25 * sqrt(8.5)) = 0.547344; exp(1.094689) = 2.988253; price 0.2507364; 0.4985271.
    wheat = _far(9, [5_000], category="Agriculture")
    assert requirement(*wheat, [(0, 0, 200)], swap).core[0] == 4_986


def test_diffusion_over_states_in_order():
    # Marks 50, 30, 20 cents, shifts sigma, 0, -sigma. The bridge is the largest of the three:
    # 1.749762 at 20 cents (z = -0.841621), over sqrt(6): 0.714337, whose exp is 2.042833.
    # Weights 0.5 * 2.042833, 0.3, 0.2 / 2.042833: prices 0.719652, 0.211369, 0.068979.
    # Short 1 of the first: 0.75 * 0.2196521 + 0.25 * 0.50 = 0.2897391.
    up = FREE | {"stress_factors_bps": [10_000]}
    event = _far(6.5, [5_000, 3_000, 2_000], "exclusive_exhaustive")
    assert requirement(*event, [(0, 0, -100)], up).core[0] == 2_898


def test_a_certain_jump_costs_the_worst_case():
    # The chance of a sudden resolution is 1. rho = 1 and 20 scenarios: the event resolves to no
    # in about half of them, and the tail is a single one: the loss is the whole price.
    sudden = FREE | {"jump_rate_bps_per_day": {"default": 10_000}}
    for qty in (300, -300):
        found = requirement(*_far(6.5, [5_000]), [(0, 0, qty)], sudden)
        assert found.core[0] == 15_000


def test_expected_shortfall_is_the_mean_of_the_tail():
    # Two factors, drawn evenly: about half of the scenarios have 0, half -1. With alpha next
    # to 0 the tail is all 20: the mean is a number of twentieths of 0.75 * 0.8589881 above the
    # ramped 0.375.
    both = FREE | {"stress_factors_bps": [0, -10_000], "alpha_bps": 1}
    core = requirement(*_far(6.5, [5_000]), [(0, 0, 300)], both).core[0]
    steps = (core - 3_750) / (0.75 * 8_589.881 / 20)
    assert 3 < steps < 17 and abs(steps - round(steps)) < 0.01


def test_jump_to_resolution_adds_up_in_a_cluster():
    listing = Listing()
    yes_no = np.array([[10_000, 0]])
    for name, series, at in [("A", "SA", 20), ("B", "SB", 20), ("C", "SB", 21)]:
        listing.add(name, series, "binary", [name], yes_no, at * DAY)
    marks, book = [5_000, 4_000, 3_000], [(0, 0, 100), (1, 0, 100), (2, 0, 100)]

    def core(**changes):
        changes = {"core_floor_bps": 0} | changes
        return int(requirement(listing, marks, book, changes).core[0])

    # Alone 0.50, 0.40 and 0.30 dollars: the largest. One cluster of SA and SB: those of one
    # date add up. Kappa halves them.
    assert core() == 5_000
    assert core(clusters={"SA": "T", "SB": "T"}) == 9_000
    assert core(clusters={"SA": "T", "SB": "T"}, kappa_bps={"default": 5_000}) == 4_500
    # 40 % of the whole 1.20 is above half of the largest.
    assert core(kappa_bps={"default": 5_000}, core_floor_bps=4_000) == 4_800


def test_add_ons_for_liquidity_and_concentration():
    # Standard deviation over a day 0.25 * 0.651470 = 0.1628675 dollars; 4 contracts are a
    # quarter of a day's volume: cost 0.01 + 0.1628675 * 0.5 = 0.0914338 each, 0.3657350 in all.
    costs = FREE | {
        "half_spread_centicents": 100,
        "impact_bps": 10_000,
        "concentration_share_bps": 1_000,
    }

    def found(qty, interest, changes=costs, mark=5_000):
        state = {"open_interest": np.array([interest]), "daily_volume": np.array([1_600.0])}
        return requirement(*_far(6.5, [mark]), [(0, 0, qty)], changes, **state)

    one = found(400, 10_000)
    assert one.add_ons[0] == 3_658
    # Nothing moves in the scenario: core 0.25 * 2.00, margin that and 0.365736 (up to a micro).
    assert (one.core[0], one.initial[0]) == (5_000, 8_658)
    # 40 % of the open interest, 10 % allowed: times 1 + 0.3 / 0.1 = 4.
    assert found(400, 1_000).add_ons[0] == 14_630
    assert found(-400, 1_000).add_ons[0] == 14_630
    # No cost above what is at stake: 2 cents of a long at 2 cents, whatever the spread.
    wide = costs | {"half_spread_centicents": 500, "impact_bps": 0}
    assert found(400, 10_000, wide, mark=200).add_ons[0] == 800
    assert found(-400, 10_000, wide, mark=200).add_ons[0] == 2_000
    # Margin never exceeds the worst case.
    assert found(400, 10_000, wide | {"half_spread_centicents": 9_000}).initial[0] == 20_000
    # Fully collateralised books have no add-ons.
    state = {"open_interest": np.array([10_000]), "daily_volume": np.array([1_600.0])}
    in_full = requirement(*_far(6.5, [5_000]), [(0, 1, 400)], costs, **state)
    assert (in_full.add_ons[0], in_full.initial[0]) == (0, 20_000)


def test_binaries_are_events_of_their_own():
    # Two contracts of one event whose states are not known to hang together: worst cases add
    # up, 0.50 + 0.50, and each is shocked by its own bridge. Both go down to 0.2136706.
    alone = np.tile([10_000, 0], (2, 1))
    listing = Listing()
    listing.add("E", "S", "unknown", ["E-0", "E-1"], alone, int(6.5 * DAY), separate=True)
    down = FREE | {"stress_factors_bps": [-10_000]}
    found = requirement(listing, [5_000, 5_000], [(0, 0, 300), (1, 0, 300)], down)
    assert (found.worst_case[0], found.core[0]) == (30_000, 20_385)  # 2 * 1.0192411


def test_wrong_way_accounts_have_no_scenarios():
    down = FREE | {"stress_factors_bps": [-10_000]}
    found = requirement(*_far(6.5, [5_000]), [(0, 0, -300)], down, linked={"S": [0]})
    assert found.core[0] == 15_000
