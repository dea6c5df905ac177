"""The margin of an account from its positions, by hand: sections 1 and 5 of the specification."""

from dataclasses import replace

import pytest

from reporting.replica import ContractPrices, DrawnPrices, MissingInput, PublishedPrices
from reporting.replica.event_margin import micros_up

from .markets import DAY, SCHEDULE, combination, contract, event, published, replicated

JUMPS = published(E_1=[0.6, 1.0, 0.6, 0.0, 0.6])
"""Model price 0.60; four scenarios: yes, unmoved, no, unmoved."""


def test_every_amount_by_hand():
    """Long 10 at 0.60: losses -4, 0, 6, 0; m = 2: ES 3.00, VaR 0. W 6.00, floor 0.60. Gap: one of
    30 days, lambda = 3.090232 / sqrt(29) = 0.573842, g(0.4) = Phi(0.320495) = 0.625704:
    6 x 0.625704 - 4 x 0.374296 = 2.257040. Add-on: half spread 0.01 of ten: 0.10. IM 3.10, with a
    fully collateralised 2 at 0.60: 4.30. Maintenance 80 %. Cash 1.00, crypto 1.0001 at half, down;
    the rest 2.80."""
    collateral = [("cash", 10_000), ("crypto", 10_001), ("gold", 99_999)]
    found = replicated([event()], {"E-1": 1000}, {"E-1": 200}, JUMPS, collateral=collateral)
    margined = found.margined
    assert margined.tail.losses == pytest.approx([-4e6, 0, 6e6, 0])
    assert (margined.expected_shortfall, margined.value_at_risk) == (3_000_000, 0)
    assert margined.worst_case == 6_000_000
    assert margined.jump_to_resolution == pytest.approx(2_257_040, abs=20)
    assert (margined.floor, margined.core, margined.add_ons) == (600_000, 3_000_000, 100_000)
    assert margined.initial == 3_100_000
    assert found.fully_collateralised.worst_case == 1_200_000
    assert (found.worst_case, found.core, found.add_ons) == (72_000, 42_000, 1_000)
    assert (found.initial_margin, found.maintenance_margin) == (43_000, 34_400)
    assert (found.collateral, found.call) == (15_000, 28_000)


@pytest.mark.parametrize(("threshold", "called"), [(0, 31_000), (30_999, 31_000), (31_000, 0)])
def test_a_shortfall_up_to_the_threshold_is_not_called(threshold, called):
    found = replicated([event()], {"E-1": 1000}, prices=JUMPS, call_threshold_centicents=threshold)
    assert found.call == called


@pytest.mark.parametrize("name", ["S", "politics"])
@pytest.mark.parametrize("full", [{}, {"E-1": 200}])
def test_collateral_tied_to_an_event_that_is_held_counts_nothing(name, full):
    """Cash 1.00 stays, crypto at half is 0; margin is what it was."""
    books = ({"E-1": 1000}, full) if not full else ({}, full)
    collateral = [("cash", 10_000), ("crypto", 10_000)]
    events = [event(category="politics")]
    tied = {"crypto": ["other", name], "gold": [name]}
    free = replicated(events, *books, JUMPS, collateral=collateral)
    found = replicated(events, *books, JUMPS, collateral=collateral, tied_collateral=tied)
    assert (free.collateral, found.collateral) == (15_000, 10_000)
    assert found.initial_margin == free.initial_margin
    other = {"crypto": ["other"], "cash": []}
    other = replicated(events, *books, JUMPS, collateral=collateral, tied_collateral=other)
    assert other.collateral == 15_000


def test_half_of_it_held_in_full():
    """tau 5 days: w = 1/2. Losses -2, 0, 3, 0: 1.50 + 3.00 = 4.50; VaR 0 + 3.00."""
    found = replicated([event(tau_seconds=5 * DAY)], {"E-1": 1000}, prices=JUMPS).margined
    assert found.held_in_full == 3_000_000
    assert (found.expected_shortfall, found.value_at_risk) == (4_500_000, 3_000_000)


def test_what_is_in_full_is_rounded_up_to_a_micro():
    """tau 7 days: w = 1/6 of 0.01 x 0.0001 = 1 micro: up to 1."""
    tiny = event(contract(mark=1), tau_seconds=7 * DAY, probabilities=(0.9999, 0.0001))
    found = replicated([tiny], {"E-1": 1}, prices=JUMPS)
    assert found.margined.held_in_full == 1


@pytest.mark.parametrize("link", ["E", "S"])
def test_wrong_way_exposure_needs_no_scenario(link):
    found = replicated([event()], {"E-1": 1000}, linked=[link])
    assert found.margined.expected_shortfall == found.margined.worst_case == 6_000_000
    assert found.initial_margin == 60_000


def test_too_many_states_are_held_in_full():
    """15 of 30 of which one is long at 0.60: W = 0.60 a contract, gap the same, no scenario."""
    many = [contract(f"E-{n}") for n in range(30)]
    crowd = event(*many, structure="k_of_n", k=15, probabilities=())
    found = replicated([crowd], {"E-1": 1000}).margined
    assert found.expected_shortfall == found.worst_case == 6_000_000
    assert found.jump_to_resolution == 6_000_000


def test_separate_binaries_have_prices_and_gaps_of_their_own():
    """13 contracts have 8,192 joint states; each alone has two, its scenario prices, and the gap
    2.257040 of the first test."""
    many = [contract(f"E-{n}") for n in range(13)]
    apart = event(*many, structure="binaries", probabilities=())
    found = replicated([apart], {"E-1": 1000}, prices=JUMPS).margined
    assert found.expected_shortfall == 3_000_000
    assert found.jump_to_resolution == pytest.approx(2_257_040, abs=20)


def early(name, series, **changes):
    """A binary at 0.60 that may close early."""
    market = contract(f"{name}-1", may_close_early=True)
    return event(market, ticker=name, series=series, **changes)


STILL = published(E_1=[0.6] * 5, F_1=[0.6] * 5, G_1=[0.6] * 5)


def test_the_largest_cluster_counts():
    """W 6.00, 6.00 and 2.00; the first and the third share a cluster; kappa 1: 8.00."""
    events = [early("E", "S"), early("F", "T"), early("G", "S")]
    book = {"E-1": 1000, "F-1": 1000, "G-1": -500}
    found = replicated(events, book, prices=STILL, kappa_bps={"default": 10_000}).margined
    assert (found.jump_to_resolution, found.gap_cluster) == (8_000_000, "S@2026-01-28")
    # 10 % of 14.00 is less; nothing moves.
    assert (found.core, found.expected_shortfall) == (8_000_000, 0)


def test_linked_events_are_one_cluster():
    events = [early("E", "S"), early("F", "T"), early("G", "U", resolution_date="2026-09-01")]
    linked = {"F": "election", "G": "election"}
    found = replicated(
        events,
        {"E-1": 1000, "F-1": 1000, "G-1": 100},
        prices=STILL,
        kappa_bps={"default": 10_000},
        linked_events=linked,
    ).margined
    assert found.gap_by_cluster == {"S@2026-01-28": 6_000_000, "election": 6_600_000}


@pytest.mark.parametrize(
    ("kappa", "resolution", "gap"),
    [(10_000, 6_000_000, 6_000_000), (2_500, 1_500_000, 2_257_040)],
)
def test_the_gap_is_the_larger_of_a_move_and_a_resolution(kappa, resolution, gap):
    """kappa 1: W; kappa 1/4: 1.50 is below the move of the first test."""
    found = replicated([early("E", "S")], {"E-1": 1000}, prices=JUMPS, kappa_bps={"default": kappa})
    (held,) = found.margined.events
    assert held.gap.resolution_micros == resolution
    assert held.gap.micros == pytest.approx(gap, abs=20)


@pytest.mark.parametrize(("quantity", "resolution"), [(1000, 0), (-1000, 4_000_000)])
def test_what_happens_by_a_date_costs_the_short(quantity, resolution):
    """Only yes can come before T: a long cannot lose by it, a short at 0.60 loses 0.40."""
    by = early("E", "S", title="Before May?")
    found = replicated([by], {"E-1": quantity}, prices=JUMPS, kappa_bps={"default": 10_000})
    (held,) = found.margined.events
    assert held.gap.resolution_micros == resolution


def test_marks_that_no_probabilities_fit_count_as_a_loss():
    """Two exhaustive contracts at 0.60 each, fitted 0.50: long one of each loses 0.20 in every
    scenario, short gains nothing by it. W long: 1.20 - 1."""
    pair = (contract("P-1", 6000), contract("P-2", 6000))
    double = event(*pair, structure="exclusive_exhaustive", probabilities=(0.5, 0.5))
    prices = published(P_1=[0.5, 0.6, 0.5, 0.4, 0.5], P_2=[0.5, 0.4, 0.5, 0.6, 0.5])
    long = replicated([double], {"P-1": 100, "P-2": 100}, prices=prices).margined
    assert long.tail.losses == pytest.approx([200_000] * 4)
    assert (long.fit, long.worst_case) == (pytest.approx(200_000), 200_000)
    short = replicated([double], {"P-1": -100, "P-2": -100}, prices=prices).margined
    assert short.tail.losses == pytest.approx([0] * 4, abs=1e-6)
    # Half of it is held in full at tau 5 days: 0.10 + 0.10.
    half = replicated(
        [replace(double, tau_seconds=5 * DAY)], {"P-1": 100, "P-2": 100}, prices=prices
    ).margined
    assert (half.held_in_full, half.expected_shortfall) == (100_000, 200_000)


def test_the_larger_of_two_sets_counts():
    """At rho nothing moves; at zero 0.60 falls to 0.10 once and to 0.30 once: ES (5 + 3) / 2."""
    prices = PublishedPrices({"E-1": ContractPrices(0.6, [0.6] * 4, [0.6, 0.1, 0.6, 0.3])})
    found = replicated([event()], {"E-1": 1000}, prices=prices).margined
    assert (found.at_rho.expected_shortfall, found.at_zero.expected_shortfall) == (0, 4_000_000)
    assert (found.expected_shortfall, found.value_at_risk) == (4_000_000, 3_000_000)
    assert found.tail is found.at_zero and found.core == 4_000_000
    # Equal: the set at rho.
    equal = replicated([event()], {"E-1": 1000}, prices=JUMPS).margined
    assert equal.tail is equal.at_rho


SET = event(
    *(contract(f"P-{n}", 3000) for n in (1, 2, 3)),
    ticker="P",
    structure="exclusive_exhaustive",
    probabilities=(1 / 3,) * 3,
)
TOMORROW = event(contract("B-1", 5000), ticker="B", tau_seconds=DAY, probabilities=(0.5, 0.5))
TIE = combination(("P", "P-1", True), ("B", "B-1", True), mark=1500, tau_seconds=DAY)
LONG_SETS = {"P-1": 100_000, "P-2": 100_000, "P-3": 100_000}


def test_a_sure_gain_pays_for_nothing_else():
    """1,000 full sets at 0.30 x 3 gain 100 for sure; 200 long at 0.50 due tomorrow lose 100. A
    combination that ties the two, one lot at 0.15: 100.15, the gain added back to the joint loss
    of 0.15."""
    prices = published(P_1=[1 / 3] * 5, P_2=[1 / 3] * 5, P_3=[1 / 3] * 5)
    alone = replicated([SET, TOMORROW], LONG_SETS | {"B-1": 20_000}, prices=prices)
    assert (alone.worst_case, alone.initial_margin) == (1_000_000, 1_000_000)
    book = LONG_SETS | {"B-1": 20_000, "C-1": 100}
    tied = replicated([SET, TOMORROW, TIE], book, prices=prices)
    assert (tied.worst_case, tied.initial_margin) == (1_001_500, 1_001_500)
    full = replicated([SET, TOMORROW, TIE], {}, book)
    assert full.initial_margin == 1_001_500
    assert replicated([SET], LONG_SETS, prices=prices).initial_margin == 0


def test_a_combination_nets_with_its_leg():
    """Short C at 0.25 and long A at 0.50, 1.00 each: singles 1.25, together 0.25: credit 1.00.
    A: 5 days, w = 1/2; C: 7 days, w = 1/6: ramped 0.25 + 0.125 less 1/6 of the credit, down."""
    leg = event(contract("A-1", 5000), ticker="A", tau_seconds=5 * DAY, probabilities=(0.5, 0.5))
    other = event(contract("B-1", 5000), ticker="B")
    both = combination(("A", "A-1", True), ("B", "B-1", False), tau_seconds=7 * DAY)
    prices = published(A_1=[0.5] * 5, C_1=[0.25] * 5)
    book = {"C-1": -100, "A-1": 100}
    found = replicated([leg, other, both], book, prices=prices).margined
    assert found.worst_case == 250_000
    assert found.held_in_full == 250_000 + 125_000 - 166_666
    # Gaps: A, lambda 1.545116: 0.5 x (0.938842 - 0.061158); C, lambda 1.261582, g(0.25) =
    # Phi(0.587092) = 0.721428: 0.75 x 0.721428 - 0.25 x 0.278572. Together the joint 0.25.
    gaps = {held.event.ticker: held.gap.micros for held in found.events}
    assert gaps == {"A": pytest.approx(438_842, abs=2), "C": pytest.approx(471_428, abs=2)}
    assert found.jump_to_resolution == 250_000
    # Capped: core and add-ons are above what can be lost.
    assert found.initial == 250_000
    full = replicated([leg, other, both], {}, book)
    assert full.initial_margin == 2_500


@pytest.mark.parametrize(
    ("amount", "micros"), [(5.0, 5), (5.0004, 5), (5.0006, 6), (-5.9996, -6), (-5.4, -5)]
)
def test_a_thousandth_of_a_micro_and_then_up(amount, micros):
    assert micros_up(amount) == micros


def test_what_is_missing_is_named():
    with pytest.raises(MissingInput, match="E-1 is not in the published scenario set"):
        replicated([event()], {"E-1": 1000})
    with pytest.raises(MissingInput, match="X-1 is held and its event was not given"):
        replicated([event()], {"X-1": 1000})
    with pytest.raises(MissingInput, match="E-1 has 3 scenario prices"):
        replicated([event()], {"E-1": 1000}, prices=published(E_1=[0.6] * 4))
    unpriced = replace(event(), probabilities=())
    with pytest.raises(MissingInput, match="E has no probability"):
        replicated([unpriced], {"E-1": 1000}, prices=DrawnPrices(SCHEDULE))
    with pytest.raises(MissingInput, match="E has no probability"):
        replicated([unpriced], {"E-1": 1000}, prices=JUMPS)
