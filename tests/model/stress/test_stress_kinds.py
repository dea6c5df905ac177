"""Kinds of scenarios by hand: how far prices move, what closing out and collateral cost."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import norm

from reporting.model.errors import ModelError
from reporting.model.stress.gaps import category_moves
from reporting.model.stress.latent import variables
from reporting.model.stress.library import scenario_library
from reporting.model.stress.losses import account_losses, scenario_prices
from reporting.model.stress.stress_book import PaidEvent, PastMoves

from ..stress_books import event, liquidity, record, stress_book, stressed

GAP = record("gap", "S3", quantile_bps=9_900)


def library(book, *records):
    return {scenario.scenario_id: scenario for scenario in scenario_library(records, book)}


def prices(book, scenario):
    """All prices of a scenario by contract."""
    found = book.market.marks.copy()
    moved = scenario_prices(scenario, book.market)
    found[moved.contract] = moved.price
    return found.tolist()


@pytest.mark.parametrize(("days", "down"), [(1, 3330), (5, 1490)])
def test_gap_of_a_fifty_cent_contract_is_that_of_the_published_example(days, down):
    """30 days out the 99 % bridge takes 33.4 % of 0.50 in one day and 70.2 % in five
    (0.5 - Phi(-2.326 sqrt(h / (30 - h)))); upwards by symmetry."""
    binary = stressed(event("B", "binary", 1), [5000], tau_days=30, liquidation_days=days)
    book = stress_book([binary], [[100], [-100]])
    found = library(book, GAP)
    assert abs(prices(book, found["S3-first"])[0] - down) <= 2
    assert prices(book, found["S3-last"])[0] + prices(book, found["S3-first"])[0] == 10_000
    assert 1 - down / 5000 == pytest.approx({1: 0.334, 5: 0.702}[days], abs=0.0005)


def test_gap_across_the_resolution_settles():
    late = stressed(event("B", "binary", 1), [5000], tau_days=1, liquidation_days=1)
    ladder = stressed(event("L", "ladder", 3), [8000, 5000, 0], tau_days=0, liquidation_days=1)
    book = stress_book([late, ladder], [[100, 0, 0, 1]])
    found = library(book, GAP)
    # The third rung cannot be reached, so the last possible state is above the second only.
    assert prices(book, found["S3-last"]) == [10_000, 10_000, 10_000, 0]
    assert prices(book, found["S3-first"]) == [0, 0, 0, 0]


def test_gap_against_a_group_goes_where_the_group_loses():
    events = [stressed(event(name, "binary", 1), [5000], tau_days=30) for name in "AB"]
    book = stress_book(events, [[100, -100], [-100, 100]], group=[0, 1], fund=[0, 0])
    found = library(book, GAP)
    against = prices(book, found["S3-G0"])
    assert against[0] < 5000 < against[1]
    assert prices(book, found["S3-G1"]) == against[::-1]
    losses = account_losses(found["S3-G0"], book).loss
    assert losses[0] > 0
    assert losses.sum() == 0


def test_names_that_a_scenario_has_already_are_told_apart():
    """Groups are called as the directions are, and as these would be told apart from them; one
    category has no name, another is called none."""
    events = [
        stressed(event(name, "binary", 1), [5000], tau_days=30, category=category)
        for name, category in (("A", ""), ("B", "none"), ("C", "Weather"))
    ]
    group = [0, 1, 2, 3]
    book = stress_book(events, [[100, 0, 0]] * 3 + [[-300, 0, 0]], group=group, fund=[0] * 4)
    book = replace(book, groups=["first", "first~2", "last", "other"])
    sweep = record("category_sweep", "S2")
    both = record("combined", "S9", of=["S2", "S8"])
    fall = record("collateral", "S8", falls_bps={"cash": 1}, yield_rise_bps=0, duration_months={})
    found = scenario_library([GAP, sweep, fall, both], book)
    named = [(one.scenario_id, one.state_label, one.category) for one in found]
    swept = "least likely state of every event"
    assert named[:9] == [
        ("S3-last", "towards the last state", ""),
        ("S3-first", "towards the first state", ""),
        ("S3-first~2", "against first", ""),
        ("S3-first~2~2", "against first~2", ""),
        ("S3-last~2", "against last", ""),
        ("S3-other", "against other", ""),
        ("S2-none", swept, ""),
        ("S2-Weather", swept, "Weather"),
        ("S2-none~2", swept, "none"),
    ]
    # What they are combined to has their names in it.
    assert [one.scenario_id for one in found[10:]] == [
        f"S9-S2-{name}-{found[9].scenario_id}" for name in ("none", "Weather", "none~2")
    ]


def test_gap_of_every_market_held_by_a_margined_book():
    """Leverage does not matter: the first book holds margin for all that it can lose."""
    events = [stressed(event(name, "binary", 1), [5000], tau_days=30) for name in "AB"]
    book = stress_book(events, [[100, 0], [0, 100]], margin=[500_000, 0], margined=[True, False])
    moved = prices(book, library(book, GAP)["S3-first"])
    assert moved[0] < 5000 == moved[1]
    full = stress_book(events, [[100, 0], [0, 100]], margined=[False, False])
    assert not library(full, GAP)


# Half of the information in two of four days; a quantile of 84.13 % is z = 1.
HALF = record("missed_cycle", "S6", extra_days=1, quantile_bps=8_413)


def test_an_ordered_event_moves_as_one_normal_variable():
    """Above K1 at 0.8413, above K2 at 0.5: cumulative probits -1 and 0.

    (x - sqrt(.5)) / sqrt(.5) = 1.4142 x - 1: -2.414 and -1. Phi(2.414) = 0.9921, Phi(1) = 0.8413;
    downwards 1.4142 x + 1: -0.4142 and 1. Phi(0.4142) = 0.6606, Phi(-1) = 0.1587.
    """
    ladder = stressed(event("L", "ladder", 2), [8413, 5000], tau_days=4)
    book = stress_book([ladder], [[1, 1]])
    found = library(book, HALF)
    assert prices(book, found["S6-last"]) == pytest.approx([9921, 8413], abs=1)
    assert prices(book, found["S6-first"]) == pytest.approx([6606, 1587], abs=1)


def test_a_volatility_ratio_above_one_moves_further_and_below_one_counts_as_one():
    """v = 2: f = 1 - (1 - 2/4)^4 = 0.9375, sqrt(f / (1 - f)) = 3.873, Phi(-3.873) < 0.0001."""
    for ratio, low in ((0.5, 1587), (1.0, 1587), (2.0, 1)):
        binary = stressed(event("B", "binary", 1), [5000], tau_days=4, volatility_ratio=ratio)
        book = stress_book([binary], [[1]])
        assert prices(book, library(book, HALF)["S6-first"])[0] == pytest.approx(low, abs=1)


def test_an_unordered_event_moves_towards_the_states_that_hurt():
    """Three rivals at 0.6, 0.3, 0.1; tilt 1. A holder of the first loses in both other states.

    u = 0.3, 0.4: Phi(-0.5244 + 1) = 0.6828, Phi(-0.2533 + 1) = 0.7724. Against the seller the
    first gains: Phi(0.2533 + 1) = 0.8949, Phi(1.2816 + 1) = 0.9887 of the first and third.
    """
    rivals = stressed(event("X", "exclusive_exhaustive", 3), [6000, 3000, 1000], tau_days=4)
    book = stress_book([rivals], [[1, 0, 0], [-1, 0, -1]], group=[0, 1], fund=[0, 0])
    found = library(book, HALF)
    assert prices(book, found["S6-G0"]) == pytest.approx([2276, 6828, 896], abs=1)
    # The seller of the first and the third loses alike in both: 0.7, Phi(0.5244 + 1) = 0.9363.
    against = prices(book, found["S6-G1"])
    assert against[0] + against[2] == pytest.approx(9363, abs=1)
    # Without a holder: towards the less likely states, and towards the more likely ones.
    assert prices(book, found["S6-last"])[0] == pytest.approx(2276, abs=1)
    assert prices(book, found["S6-first"])[0] == pytest.approx(8949, abs=1)


def test_a_butterfly_is_hurt_by_the_state_in_the_middle():
    """Long the outer states, short the middle one: neither direction finds its loss."""
    ladder = stressed(event("L", "ladder", 2), [7000, 3000], tau_days=4)
    # Short the first rung, long the second: the state between both costs the whole payout.
    book = stress_book([ladder], [[-1, 1]], group=[0], fund=[0])
    found = library(book, HALF)

    def worth(name):
        first, second = prices(book, found[name])
        return second - first

    assert worth("S6-G0") < min(worth("S6-last"), worth("S6-first"))
    # u = 0.4: Phi(-0.2533 + 1) = 0.7724
    assert worth("S6-G0") == pytest.approx(-7724, abs=1)


def test_closed_days_leave_calls_unmet_and_settle_what_resolves():
    """Margin 100, collateral 70: 30 of it is only called. A resolves on Sunday, B in a month."""
    events = [stressed(event(n, "binary", 1), [5000], tau_days=t) for n, t in (("A", 2), ("B", 30))]
    book = stress_book(
        events, [[100, 100]], margin=[100], collateral={"cash": np.array([70])},
    )  # fmt: skip
    found = library(book, record("closed_days", "S12", days=3, quantile_bps=9_990))
    assert sorted(found) == ["S12-G0", "S12-first", "S12-last"]
    against = prices(book, found["S12-G0"])
    assert against[0] == 0 < against[1] < 5000
    assert account_losses(found["S12-G0"], book).margin_lost.tolist() == [30]


def test_contracts_without_joint_states_move_one_by_one():
    both = stressed(event("X", "binaries", 2), [6000, 6000])
    book = stress_book([both], [[1, 1]])
    found = variables(book.market)
    assert found.event.tolist() == [0, 0]
    assert found.prices(found.cumulative).tolist() == [6000, 6000]


def test_void_is_no_state_that_prices_move_to():
    voidable = stressed(event("X", "exclusive_exhaustive", 2, voids=("half",)), [9000, 1000])
    found = variables(stress_book([voidable], [[1, 1]]).market)
    assert found.cumulative.tolist() == pytest.approx([0.9, 1.0])


def test_replay_takes_the_worst_dates_and_their_moves():
    """In probit space 0.5 moves by 1 to Phi(-1) = 0.1587 and Phi(1) = 0.8413."""
    events = [
        stressed(event("A", "binary", 1), [5000], size=10, category="Weather"),
        stressed(event("B", "binary", 1), [5000], size=1, category="Sports"),
    ]
    past = (
        PastMoves("2026-05-01", "Weather", 1.0),
        PastMoves("2026-05-02", "Sports", 9.0),
        PastMoves("2026-05-03", "Weather", 0.1),
    )
    book = stress_book(events, [[1, 1]], past_moves=past)
    found = library(book, record("replay", "R1", dates=1, multiple_bps=10_000))
    assert sorted(found) == ["R1-2026-05-01-G0", "R1-2026-05-01-first", "R1-2026-05-01-last"]
    assert prices(book, found["R1-2026-05-01-first"]) == [1587, 5000]
    assert prices(book, found["R1-2026-05-01-last"]) == [8413, 5000]


def test_moves_of_a_category_are_quantiles_of_its_contracts():
    """20 contracts; the 95 % quantile by nearest rank is the 19th of them."""
    steps = np.arange(1, 21) / 20
    after = np.round(norm.cdf(steps) * 10_000)
    found = category_moves(["c"] * 20, np.full(20, 5000), after)
    assert found == {"c": pytest.approx(0.95, abs=1e-3)}
    assert category_moves([], np.array([]), np.array([])) == {}
    clipped = category_moves(["c"], np.array([5000]), np.array([10_000]))
    assert clipped == {"c": pytest.approx(norm.ppf(0.995))}


def test_moves_of_each_category_by_itself():
    """Rows in no order; Phi(1) = 0.8413, Phi(2) = 0.9772; of two the larger."""
    found = category_moves(
        ["x", "y", "x", "z"], np.full(4, 5000), np.array([8413, 9772, 5000, 5000])
    )
    assert list(found) == ["x", "y", "z"]
    assert list(found.values()) == pytest.approx([1, 2, 0], abs=1e-3)


def test_closing_out_by_hand():
    """qty 250 of volume 1,000 a day, 20 % left: sqrt(250 / 200) = 1.1180; f = 0.25.

    phi(0) sqrt(f) = 0.3989 x 0.5 = 0.19947: impact 0.22302, half spread 5 x 0.01 = 0.05: 0.27302 a
    contract, 2.5 contracts: 0.68254 dollars.
    """
    binary = stressed(event("B", "binary", 1), [5000])
    book = stress_book([binary], [[250], [-250]], liquidity=liquidity(1, information=0.25))
    depth = record("depth", "S7", depth_left_bps=2_000, spread_multiple_bps=50_000)
    found = account_losses(library(book, depth)["S7"], book)
    assert found.loss.tolist() == pytest.approx([682_540, 682_540], abs=10)


def test_closing_out_never_costs_more_than_the_worst_case_and_only_margined_books():
    binary = stressed(event("B", "binary", 1), [5000])
    pair = stressed(event("P", "exclusive_exhaustive", 2), [5000, 5000])
    held = [[250, 0, 0], [250, 0, 0], [0, 300, 200]]
    margined = [True, False, True]
    none_left = liquidity(3, volume=0.0)
    book = stress_book([binary, pair], held, margined=margined, liquidity=none_left)
    depth = record("depth", "S7", depth_left_bps=2_000, spread_multiple_bps=50_000)
    # Nothing traded: all that a position can lose, 250 x 5000. The third could lose 300 x 0.5
    # + 200 x 0.5 alone, but one of the two pays: W = 2.5 - 2.
    assert account_losses(library(book, depth)["S7"], book).loss.tolist() == [
        1_250_000,
        0,
        500_000,
    ]


def test_closing_out_needs_to_know_the_market():
    book = stress_book([stressed(event("B", "binary", 1), [5000])], [[1]])
    depth = record("depth", "S7", depth_left_bps=2_000, spread_multiple_bps=50_000)
    with pytest.raises(ModelError, match="liquidity"):
        account_losses(library(book, depth)["S7"], book)


def test_collateral_counts_for_what_it_is_worth():
    """Treasuries of two years and 200 bp: 4 %. Margin 100 each.

    Crypto 150 is worth 75: 25 missing. Cash 60 and treasuries 40: 1.6 missing, rounded up as
    the worth is rounded down. Treasuries 105: 100.8, nothing missing.
    """
    binary = stressed(event("B", "binary", 1), [5000])
    held = {
        "crypto": np.array([150, 0, 0, 0]),
        "cash": np.array([0, 60, 0, 0]),
        "treasury": np.array([0, 40, 105, 0]),
    }
    book = stress_book(
        [binary], [[1], [1], [1], [1]], margin=[100] * 4, collateral=held,
        margined=[True, True, True, False],
    )  # fmt: skip
    fall = record(
        "collateral", "S8", falls_bps={"crypto": 5_000}, yield_rise_bps=200,
        duration_months={"treasury": 24},
    )  # fmt: skip
    found = account_losses(library(book, fall)["S8"], book)
    assert found.margin_lost.tolist() == [25, 2, 0, 0]
    assert found.loss.tolist() == [0, 0, 0, 0]


def test_a_fall_by_duration_is_rounded_up():
    """Seven months and 100 bp: 58.33 bp, so 59 of 10,000 are missing."""
    binary = stressed(event("B", "binary", 1), [5000])
    book = stress_book([binary], [[1]], margin=[10_000], collateral={"bill": np.array([10_000])})
    fall = record("collateral", "S8", falls_bps={}, yield_rise_bps=100, duration_months={"bill": 7})
    assert account_losses(library(book, fall)["S8"], book).margin_lost.tolist() == [59]


def test_a_missed_cycle_as_long_as_the_time_to_resolution_settles():
    """One day and three more, four or eight days out."""
    events = [
        stressed(event(name, "binary", 1), [5000], tau_days=days)
        for name, days in (("A", 4), ("B", 8))
    ]
    book = stress_book(events, [[100, 100]])
    missed = record("missed_cycle", "S6", extra_days=3, quantile_bps=9_900)
    found = prices(book, library(book, missed)["S6-first"])
    assert found[0] == 0 < found[1]


def test_combined_scenarios_strike_together():
    binary = stressed(event("B", "binary", 1), [6000])
    held = {"crypto": np.array([100])}
    book = stress_book([binary], [[100]], margin=[100], collateral=held)
    sweep = record("category_sweep", "S2")
    fall = record(
        "collateral", "S8", falls_bps={"crypto": 5_000}, yield_rise_bps=0, duration_months={}
    )
    both = record("combined", "S9", of=["S2", "S8"])
    found = library(book, sweep, both, fall)
    assert list(found) == ["S2-Weather", "S9-S2-Weather-S8", "S8"]
    losses = account_losses(found["S9-S2-Weather-S8"], book)
    assert (losses.loss.tolist(), losses.margin_lost.tolist()) == ([600_000], [50])


def test_only_one_group_is_closed_out_when_its_clients_cannot_be_ported():
    binary = stressed(event("B", "binary", 1), [5000], tau_days=30)
    book = stress_book(
        [binary], [[100], [-100], [50]], group=[0, 1, 2], house=[False, True, False],
        fund=[0, 0, 0], liquidity=liquidity(1, volume=0.0),
    )  # fmt: skip
    porting = record(
        "porting", "S10", extra_days=2, quantile_bps=9_900, depth_left_bps=10_000,
        spread_multiple_bps=10_000,
    )  # fmt: skip
    found = library(book, porting)
    assert list(found) == ["S10-G0", "S10-G2"]  # group 1 has no customers
    # Three of 30 days: 2.326 sqrt(0.1 / 0.9) = 0.7755, Phi(-0.7755) = 0.2190
    losses = account_losses(found["S10-G0"], book).loss.tolist()
    moved = 5000 - prices(book, found["S10-G0"])[0]
    assert moved == pytest.approx(2810, abs=1)
    assert losses == [100 * moved + 500_000, -100 * moved, 50 * moved]


def test_the_largest_maker_takes_its_share_of_the_depth_away():
    """Group 1's house is one side of all in A (200 of 400 open) and of half in B."""
    events = [stressed(event(name, "binary", 1), [5000]) for name in "AB"]
    book = stress_book(
        events, [[200, 100], [-200, -50], [0, -50]], group=[0, 1, 2],
        house=[False, True, True], fund=[0, 0, 0], liquidity=liquidity(2),
    )  # fmt: skip
    found = library(book, record("withdrawal", "S11", spread_multiple_bps=50_000))
    closed = found["S11-G1"].close_out
    assert closed.depth_left_bps.tolist() == [0, 5_000]
    assert closed.spread_multiple_bps.tolist() == [50_000, 30_000]


def test_a_reversal_claims_back_what_is_already_withdrawn():
    """Three states; state a was paid. Account 0 got 100, account 1 paid 100, 2 holds b."""
    payoffs = np.array([[10_000, 0, 0], [0, 10_000, 0]])
    paid = PaidEvent(
        "P", "Weather", ("a", "b", "none"), payoffs, payoffs[:, 0], np.array([0, 1, 2]),
        np.array([[1, 0], [-1, 0], [0, 1]]),
    )  # fmt: skip
    binary = stressed(event("B", "binary", 1), [5000])
    book = stress_book([binary], [[1], [1], [1]], paid=(paid,))
    found = library(book, record("reversal", "S4", events=1, withdrawn_bps=3_333))
    assert list(found) == ["S4-P-001", "S4-P-002"]
    # 10,000 paid wrongly, a third of it withdrawn; to be paid more is no gain yet
    assert account_losses(found["S4-P-001"], book).loss.tolist() == [3333, 0, 0]
    assert account_losses(found["S4-P-002"], book).loss.tolist() == [3333, 0, 0]
