"""Scenarios that settle events: surprise resolution, category sweep and void."""

from dataclasses import replace

import numpy as np
from hypothesis import given

from reporting.model.margin.worst_case import event_losses, worst_case
from reporting.model.stress import resolutions
from reporting.model.stress.events import Outcome, Scenario
from reporting.model.stress.library import scenario_library
from reporting.model.stress.losses import account_losses

from ..books import books
from ..stress_books import event, record, stress_book, stressed

S1 = record("surprise_resolution", "S1", "S1", events=20)
S2 = record("category_sweep", "S2", "S2")
S5 = record("void", "S5", "S5", events=20)


def surprises(*events):
    return resolutions.surprise_resolutions(S1, events)


WEATHER = stressed(event("W", "exclusive_exhaustive", 3), [6000, 3000, 1000], size=7)
RATES = stressed(
    event("R", "ladder", 2, voids=("half",)), [9000, 2000], size=9, category="Economics"
)
BOOK = stress_book([WEATHER, RATES], [[100, 0, 0, 100, -100], [-100, 0, 0, 0, 0], [0] * 5])


def test_surprise_resolution_goes_through_every_state_but_the_void():
    found = surprises(WEATHER, RATES)
    assert [scenario.event_ticker for scenario in found] == ["R"] * 3 + ["W"] * 3
    assert [scenario.outcomes[0].payoffs for scenario in found] == [
        (0, 0),
        (10_000, 0),
        (10_000, 10_000),
        (10_000, 0, 0),
        (0, 10_000, 0),
        (0, 0, 10_000),
    ]
    assert len({scenario.scenario_id for scenario in found}) == 6


def test_only_the_largest_events_are_surprised_ties_by_ticker():
    many = [
        stressed(event(f"E{number:02}", "binary", 1), [5000], size=number // 2)
        for number in range(25)
    ]
    chosen = [one.terms.event_ticker for one in resolutions.largest_events(many, 20)]
    assert chosen[:3] == ["E24", "E22", "E23"]
    assert len(chosen) == 20
    assert "E00" not in chosen


def test_contracts_without_joint_states_settle_one_at_a_time():
    unproved = stressed(event("B", "binaries", 2), [6000, 1000], size=1)
    found = surprises(unproved)
    assert [scenario.outcomes[0].payoffs for scenario in found] == [
        (10_000, 1000),
        (0, 1000),
        (6000, 10_000),
        (6000, 0),
    ]


def test_category_sweep_takes_the_least_likely_state():
    weather, rates = reversed(resolutions.category_sweeps(S2, [RATES, WEATHER]))
    assert weather.outcomes[0].payoffs == (0, 0, 10_000)  # 0.6, 0.3, 0.1
    assert rates.outcomes[0].payoffs == (0, 0)  # 0.1, 0.7, 0.2; never the void at 0
    assert (rates.category, weather.category) == ("Economics", "Weather")


def test_least_likely_of_separate_binaries_is_against_every_favourite():
    _, pays = resolutions.least_likely(stressed(event("B", "binaries", 13), [9000] * 12 + [100]))
    assert pays == (0,) * 12 + (10_000,)


def test_a_leg_that_nobody_trades_is_no_longshot():
    """0.5, 0.1 and a leg without a price, which with "none" takes 0.4 as one."""
    terms = event("X", "exclusive", 3)
    held = stressed(terms, [5000, 1000, 0])
    assert resolutions.least_likely(held)[1] == (0, 0, 10_000)  # priced at nothing
    held = replace(held, priced=np.array([True, True, False]))
    assert resolutions.least_likely(held)[1] == (0, 10_000, 0)


def test_states_that_a_settled_leg_rules_out_are_not_stressed():
    """The lowest rung is reached: the variable is not below it."""
    settled = np.array([True, False])
    held = replace(stressed(event("L", "ladder", 2), [10_000, 3000]), settled=settled)
    found = surprises(held)
    assert [scenario.outcomes[0].payoffs for scenario in found] == [(10_000, 0), (10_000, 10_000)]
    assert resolutions.least_likely(held)[1] == (10_000, 10_000)
    unproved = replace(stressed(event("B", "binaries", 2), [0, 1000]), settled=settled)
    found = surprises(unproved)
    assert [scenario.outcomes[0].payoffs for scenario in found] == [(0, 10_000), (0, 0)]
    assert resolutions.least_likely(unproved)[1] == (0, 10_000)


def test_of_winners_without_a_state_list_the_cheapest_win():
    """Two of 100 win, 4,950 states; leg 7 has won, the cheapest of the rest is leg 3."""
    marks, settled = np.full(100, 5000), np.zeros(100, dtype=bool)
    marks[7], marks[3], marks[50] = 10_000, 100, 50
    settled[7] = True
    priced = np.ones(100, dtype=bool)
    priced[50] = False
    held = stressed(event("K", "k_of_n", 100, k=2), marks)
    label, pays = resolutions.least_likely(replace(held, settled=settled, priced=priced))
    assert label == "the cheapest win: K-4"
    assert [leg for leg, pay in enumerate(pays) if pay] == [3, 7]
    ladder = stressed(event("L", "ladder", 5000), [6000] * 2500 + [100] * 2500)
    assert resolutions.least_likely(ladder)[1] == (0,) * 2500 + (10_000,) * 2500


def test_void_comes_in_both_forms():
    found = resolutions.voids(S5, [WEATHER])
    assert [scenario.outcomes[0].payoffs for scenario in found] == [
        (5000, 5000, 5000),
        (6000, 3000, 1000),
    ]


def test_losses_by_hand():
    """Weather at 0.60 loses for the long, wins for the short; the spread pays 1 - 0.7."""
    library = {s.scenario_id: s for s in scenario_library([S1, S5], BOOK)}

    def losses(name):
        return account_losses(library[name], BOOK).loss.tolist()

    assert losses("S1-W-001") == [600_000, -600_000, 0]  # the favourite loses
    # above the lower strike only: 1 received, 0.7 marked
    assert losses("S1-R-001") == [-300_000, 0, 0]
    assert losses("S5-W-last") == [0, 0, 0]
    assert losses("S5-W-half") == [100_000, -100_000, 0]


def test_library_does_not_depend_on_the_order_of_events():
    other = stress_book([RATES, WEATHER], [[0] * 5])
    assert scenario_library([S1, S2, S5], BOOK) == scenario_library([S1, S2, S5], other)


@given(books(structures=("exclusive", "ladder", "k_of_n", "matrix"), voids=((),)))
def test_worst_surprise_is_the_worst_case(case):
    terms, marks, quantities = case
    held = stress_book([stressed(terms, marks)], quantities)
    losses = np.array([account_losses(s, held).loss for s in surprises(*held.market.events)])
    assert (losses.max(axis=0) == worst_case(terms, marks, quantities).loss_micros).all()
    assert (event_losses(terms, marks, quantities) == losses.T).all()


def test_scenario_of_an_event_that_nobody_holds():
    scenario = Scenario("x", "S1", "", (Outcome("gone", (10_000,)),))
    assert account_losses(scenario, BOOK).loss.tolist() == [0, 0, 0]


def test_a_fair_price_void_may_settle_anywhere_within_its_band():
    """Marks 0.95 and 0.05 with a band of 0.10: 0.85 and 0, 1 and 0.15."""
    fair = event("F", "exclusive", 2, voids=("fair",), fair_band=1_000)
    found = surprises_of_void(stressed(fair, [9500, 500]))
    assert found["S5-F-fair-low"] == (8_500, 0)
    assert found["S5-F-fair-high"] == (10_000, 1_500)


def surprises_of_void(*events):
    """Payoffs of the void scenarios by id."""
    book = stress_book(list(events), [[1] * sum(len(e.terms.legs) for e in events)])
    return {one.scenario_id: one.outcomes[0].payoffs for one in scenario_library([S5], book)}
