"""The margin of an account from its positions, by hand: docs/model.md sections 5 and 6."""

from dataclasses import replace

import pytest

from reporting.replica.account import micros_up
from reporting.replica.account_explain import account_explanation
from reporting.replica.draws import uniforms
from reporting.replica.event_margin import MissingInput
from reporting.replica.scenario_prices import DrawnPrices

from .markets import DAY, SCHEDULE, combination, contract, event, published, replicated

JUMPS = published(E_1=[0.6, 1.0, 0.6, 0.0, 0.6])
"""Model price 0.60; four scenarios: yes, unmoved, no, unmoved."""


def test_every_amount_by_hand():
    """Long 10 at 0.60: losses -4, 0, 6, 0; m = 2: ES 3.00, VaR 0. W 6.00, JTR a quarter: 1.50.
    Floor 0.60. Add-on: half spread 0.01 of ten: 0.10. IM 3.10, with a fully collateralised 2 at
    0.60: 4.30. Maintenance 80 %. Cash 1.00, crypto 1.0001 at half, down; the rest 2.80."""
    collateral = [("cash", 10_000), ("crypto", 10_001), ("gold", 99_999)]
    found = replicated([event()], {"E-1": 1000}, {"E-1": 200}, JUMPS, collateral=collateral)
    margined = found.margined
    assert margined.losses == pytest.approx([-4e6, 0, 6e6, 0])
    assert (margined.expected_shortfall, margined.value_at_risk) == (3_000_000, 0)
    assert (margined.worst_case, margined.jump_to_resolution) == (6_000_000, 1_500_000)
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
    found = replicated([event(contract(mark=1), tau_seconds=7 * DAY)], {"E-1": 1}, prices=JUMPS)
    assert found.margined.held_in_full == 1


@pytest.mark.parametrize("link", ["E", "S"])
def test_wrong_way_exposure_needs_no_scenario(link):
    found = replicated([event()], {"E-1": 1000}, linked=[link])
    assert found.margined.expected_shortfall == found.margined.worst_case == 6_000_000
    assert found.initial_margin == 60_000


def test_too_many_states_are_held_in_full():
    """15 of 30 of which one is long at 0.60: W = 0.60 a contract and no scenario."""
    many = [contract(f"E-{n}") for n in range(30)]
    crowd = event(*many, structure="k_of_n", k=15, probabilities=())
    found = replicated([crowd], {"E-1": 1000}).margined
    assert found.expected_shortfall == found.worst_case == 6_000_000


def test_separate_binaries_have_prices_of_their_own():
    """13 contracts have 8,192 joint states; each alone has two, and its scenario prices."""
    many = [contract(f"E-{n}") for n in range(13)]
    apart = event(*many, structure="binaries", probabilities=())
    found = replicated([apart], {"E-1": 1000}, prices=JUMPS).margined
    assert found.expected_shortfall == 3_000_000


def test_the_dearest_cluster_counts():
    """W 6.00, 6.00 and 2.00; the first and the third share a cluster: (6 + 2) / 4 = 2.00."""
    prices = published(E_1=[0.6] * 5, F_1=[0.6] * 5, G_1=[0.6] * 5)
    events = [
        event(contract(f"{name}-1"), ticker=name, series=series)
        for name, series in (("E", "S"), ("F", "T"), ("G", "S"))
    ]
    book = {"E-1": 1000, "F-1": 1000, "G-1": -500}
    found = replicated(events, book, prices=prices).margined
    assert (found.jump_to_resolution, found.jump_cluster) == (2_000_000, "S@2026-01-28")
    # 10 % of 14.00 is less; nothing moves.
    assert (found.core, found.expected_shortfall) == (2_000_000, 0)


def test_a_sure_gain_offsets_but_no_worst_case_is_below_zero():
    """A full set at 0.3 + 0.2 gains 0.50 each: W = -0.50; with 0.60 at risk elsewhere 0.10."""
    pair = (contract("P-1", 3000), contract("P-2", 2000))
    probabilities = (0.6, 0.4)
    full_set = event(
        *pair, ticker="P", structure="exclusive_exhaustive", probabilities=probabilities
    )
    prices = published(E_1=[0.6] * 5, P_1=[0.6] * 5, P_2=[0.4] * 5)
    book = {"P-1": 100, "P-2": 100}
    alone = replicated([full_set], book, book, prices)
    assert (alone.worst_case, alone.initial_margin) == (0, 0)
    together = replicated([full_set, event()], book | {"E-1": 100}, prices=prices)
    assert together.worst_case == 1_000


def test_a_combination_nets_with_its_leg():
    """Short C at 0.25 and long A at 0.50, 1.00 each: singles 1.25, together 0.25: credit 1.00.
    A: 5 days, w = 1/2; C: 7 days, w = 1/6: ramped 0.25 + 0.125 less 1/6 of the credit, down."""
    leg = event(contract("A-1", 5000), ticker="A", tau_seconds=5 * DAY)
    other = event(contract("B-1", 5000), ticker="B")
    both = combination(("A", "A-1", True), ("B", "B-1", False), tau_seconds=7 * DAY)
    prices = published(A_1=[0.5] * 5, C_1=[0.25] * 5)
    book = {"C-1": -100, "A-1": 100}
    found = replicated([leg, other, both], book, prices=prices).margined
    assert found.worst_case == 250_000
    assert found.held_in_full == 250_000 + 125_000 - 166_666
    # The jump requirement stays: (0.50 + 0.75) / 4 of one cluster, up to a micro each.
    assert found.jump_to_resolution == 125_000 + 187_500
    # Capped: core and add-ons are above what can be lost.
    assert found.initial == 250_000
    full = replicated([leg, other, both], {}, book)
    assert full.initial_margin == 2_500


@pytest.mark.parametrize(
    ("amount", "micros"), [(5.0, 5), (5.0004, 5), (5.0006, 6), (-5.9996, -6), (-5.4, -5)]
)
def test_a_thousandth_of_a_micro_and_then_up(amount, micros):
    assert micros_up(amount) == micros


def test_drawn_prices_resolve_by_the_published_streams():
    """A jump for certain (rate 100 % a day), rho 0: V = Phi(xi) is the uniform of the stream,
    and yes comes where 0.6 > 1 - V."""
    schedule = SCHEDULE | {
        "scenarios": 20,
        "jump_rate_bps_per_day": {"default": 10_000},
        "rho_bps": {"default": 0},
    }
    expected = [float(1 - u < 0.6) for u in uniforms(7, "xi", "E", 20)]
    assert 0 < sum(expected) < 20
    losses = [6_000_000 - 10_000_000 * y for y in expected]
    found = replicated([event()], {"E-1": 1000}, prices=DrawnPrices(schedule), **schedule)
    assert found.margined.losses == pytest.approx(losses)


def test_stress_scenarios_come_first_with_their_own_jump_probability():
    """mpor 5 of 10 days, p = 0.36: h = 0.2, times 5 in stress: 1. Half of 20 scenarios jump for
    certain, the others where U < 0.2. Nothing else moves the price: sigma of a settled
    sibling's event is 0."""
    schedule = SCHEDULE | {
        "scenarios": 20,
        "stress_share_bps": 5000,
        "stress_jump_multiple_bps": 50_000,
        "jump_rate_bps_per_day": {"default": 0},
        "legal_class": {"default": "swap"},
        "ramp_tau0_seconds": 0,
        "ramp_tau1_seconds": 1,
    }
    found = event(
        contract(mark=3600, may_close_early=True),
        title="Before May?",
        tau_seconds=10 * DAY,
        probabilities=(0.36, 0.64),
    )
    drawn = replicated([found], {"E-1": 100}, prices=DrawnPrices(schedule), **schedule)
    jumped = uniforms(7, "U", "S@2026-01-28", 20)
    for scenario, loss in enumerate(drawn.margined.losses):
        at_an_end = min(abs(loss - 360_000), abs(loss + 640_000)) < 1e-6
        assert at_an_end == (scenario < 10 or jumped[scenario] < 0.2)


def test_stress_factors_move_the_whole_group():
    """rho 1, one stress factor of +1, all scenarios stress, sigma ln 2 x ... by one day: the
    binary's log-odds move by 2 sigma sqrt(mpor)."""
    schedule = SCHEDULE | {
        "stress_share_bps": 10_000,
        "stress_factors_bps": [10_000],
        "rho_bps": {"default": 10_000},
        "jump_rate_bps_per_day": {"default": 0},
    }
    fifty = event(contract(mark=5000), tau_seconds=16 * DAY + DAY // 2, probabilities=(0.5, 0.5))
    found = replicated([fifty], {"E-1": -100}, prices=DrawnPrices(schedule), **schedule)
    # sigma is the bridge 0.3989423: odds e ** 0.7978846 = 2.2208, price 0.68952.
    odds = 2.718281828459045 ** (2 * 0.3989422804014327)
    expected = 1_000_000 * (odds / (1 + odds) - 0.5)
    assert found.margined.losses == pytest.approx([expected] * 4)


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


def test_the_explanation_shows_every_step():
    found = replicated(
        [event(tau_seconds=5 * DAY)], {"E-1": 1000}, {"E-1": 200}, JUMPS, collateral=[("cash", 7)]
    )
    lines = account_explanation(found, SCHEDULE)
    expected = [
        ("Event 1: E (binary), Who wins?", ""),
        ("E-1", "10.00 0.6000 0.600000"),
        ("worst-case loss W, in state: E-1 no", "6.000000"),
        ("ramp weight w = 0.500000: w x W", "3.000000"),
        ("jump to resolution, cluster S@2026-01-28: 0.25 x W", "1.500000"),
        ("E, in state: E-1 no", "1.200000"),
        ("scenario 3", "3.000000"),
        ("S@2026-01-28", "1.500000"),
        ("E-1", "10.00 0.010000 1.0000 0.100000"),
        ("worst-case loss W, not below zero", "6.000000"),
        ("in full in every scenario: sum of w x W", "3.000000"),
        ("expected shortfall, with what is in full", "4.500000"),
        ("value at risk, with what is in full", "3.000000"),
        ("jump to resolution, cluster S@2026-01-28", "1.500000"),
        ("floor: 10 % of W", "0.600000"),
        ("core: the expected shortfall is the largest", "4.500000"),
        ("add-ons", "0.100000"),
        ("initial margin: core and add-ons", "4.600000"),
        ("initial margin of both books", "5.800000"),
        ("maintenance margin: 80 % of it", "4.640000"),
        ("collateral cash: 0.000700, after its haircut", "0.000700"),
        ("to call", "5.799300"),
    ]
    place = -1
    for label, cells in expected:
        wanted = " ".join(f"{label} {cells}".split())
        found_at = [n for n, line in enumerate(lines) if " ".join(line.split()) == wanted]
        assert found_at and found_at[-1] > place, f"{wanted} is not in\n" + "\n".join(lines)
        place = next(n for n in found_at if n > place)


def test_the_explanation_of_nothing():
    text = "\n".join(account_explanation(replicated([], {}), SCHEDULE))
    assert "It holds no margined position." in text
    assert "It holds no fully collateralised position." in text
