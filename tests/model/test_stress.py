"""Scenarios, losses, shortfalls and cover."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.model import stress
from reporting.model.stress import EventBook, Scenario, cover, group_shortfalls, scenario_losses
from reporting.model.terms import EventTerms
from reporting.model.worst_case import event_losses, worst_case

from .books import books


def event(name, structure, n, **more):
    legs = tuple(f"{name}-{leg}" for leg in range(1, n + 1))
    return EventTerms(name, structure, "", legs, **more)


def book(terms, marks, quantities, size=0, category="Weather"):
    quantities = np.array(quantities)
    return EventBook(terms, category, np.array(marks), np.arange(len(quantities)), quantities, size)


WEATHER = book(event("W", "exclusive_exhaustive", 3), [6000, 3000, 1000], [[100, 0, 0],
               [-100, 0, 0]], size=7)  # fmt: skip
RATES = book(event("R", "ladder", 2, void="half"), [9000, 2000], [[100, -100], [0, 0]], size=9,
             category="Economics")  # fmt: skip
BY_TICKER = {"W": WEATHER, "R": RATES}


def test_surprise_resolution_goes_through_every_state_but_the_void():
    found = stress.surprise_resolutions([WEATHER, RATES])
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
        book(event(f"E{number:02}", "binary", 1), [5000], [[1]], size=number // 2)
        for number in range(25)
    ]
    chosen = [one.terms.event_ticker for one in stress.largest_events(many)]
    assert chosen[:3] == ["E24", "E22", "E23"]
    assert len(chosen) == 20
    assert "E00" not in chosen


def test_contracts_without_joint_states_settle_one_at_a_time():
    unproved = book(event("B", "binaries", 2), [6000, 1000], [[100, 100]], size=1)
    found = stress.surprise_resolutions([unproved])
    assert [scenario.outcomes[0].payoffs for scenario in found] == [
        (10_000, 1000),
        (0, 1000),
        (6000, 10_000),
        (6000, 0),
    ]


def test_category_sweep_takes_the_least_likely_state():
    weather, rates = reversed(stress.category_sweeps([RATES, WEATHER]))
    assert weather.outcomes[0].payoffs == (0, 0, 10_000)  # 0.6, 0.3, 0.1
    assert rates.outcomes[0].payoffs == (0, 0)  # 0.1, 0.7, 0.2; never the void at 0
    assert (rates.category, weather.category) == ("Economics", "Weather")


def test_least_likely_of_separate_binaries_is_against_every_favourite():
    _, pays = stress.least_likely(book(event("B", "binaries", 13), [9000] * 12 + [100], [[0] * 13]))
    assert pays == (0,) * 12 + (10_000,)


def test_a_leg_that_nobody_trades_is_no_longshot():
    """0.5, 0.1 and a leg without a price, which with "none" takes 0.4 as one."""
    terms = event("X", "exclusive", 3)
    held = book(terms, [5000, 1000, 0], [[1, 0, 0]])
    assert stress.least_likely(held)[1] == (0, 0, 10_000)  # priced at nothing
    held = replace(held, priced=np.array([True, True, False]))
    assert stress.least_likely(held)[1] == (0, 10_000, 0)


def test_states_that_a_settled_leg_rules_out_are_not_stressed():
    """The lowest rung is reached: the variable is not below it."""
    settled = np.array([True, False])
    held = replace(book(event("L", "ladder", 2), [10_000, 3000], [[0, 1]]), settled=settled)
    found = stress.surprise_resolutions([held])
    assert [scenario.outcomes[0].payoffs for scenario in found] == [(10_000, 0), (10_000, 10_000)]
    assert stress.least_likely(held)[1] == (10_000, 10_000)
    unproved = replace(book(event("B", "binaries", 2), [0, 1000], [[0, 1]]), settled=settled)
    found = stress.surprise_resolutions([unproved])
    assert [scenario.outcomes[0].payoffs for scenario in found] == [(0, 10_000), (0, 0)]
    assert stress.least_likely(unproved)[1] == (0, 10_000)


def test_of_winners_without_a_state_list_the_cheapest_win():
    """Two of 100 win, 4,950 states; leg 7 has won, the cheapest of the rest is leg 3."""
    marks, settled = np.full(100, 5000), np.zeros(100, dtype=bool)
    marks[7], marks[3], marks[50] = 10_000, 100, 50
    settled[7] = True
    priced = np.ones(100, dtype=bool)
    priced[50] = False
    held = book(event("K", "k_of_n", 100, k=2), marks, [[0] * 100])
    label, pays = stress.least_likely(replace(held, settled=settled, priced=priced))
    assert label == "the cheapest win: K-4"
    assert [leg for leg, pay in enumerate(pays) if pay] == [3, 7]
    ladder = book(event("L", "ladder", 5000), [6000] * 2500 + [100] * 2500, [[0] * 5000])
    assert stress.least_likely(ladder)[1] == (0,) * 2500 + (10_000,) * 2500


def test_void_comes_in_both_forms():
    found = stress.voids([WEATHER])
    assert [scenario.outcomes[0].payoffs for scenario in found] == [
        (5000, 5000, 5000),
        (6000, 3000, 1000),
    ]


def test_losses_by_hand():
    """Weather at 0.60 loses for the long, wins for the short; the spread pays 1 - 0.7."""
    library = {s.scenario_id: s for s in stress.scenario_library([WEATHER, RATES])}
    first = library["S1-W-001"]  # the favourite loses
    assert scenario_losses(first, BY_TICKER, 3).tolist() == [600_000, -600_000, 0]
    spread = library["S1-R-001"]  # above the lower strike only: 1 received, 0.7 marked
    assert scenario_losses(spread, BY_TICKER, 3).tolist() == [-300_000, 0, 0]
    last = library["S5-W-last"]
    assert scenario_losses(last, BY_TICKER, 3).tolist() == [0, 0, 0]
    half = library["S5-W-half"]
    assert scenario_losses(half, BY_TICKER, 3).tolist() == [100_000, -100_000, 0]


def test_library_does_not_depend_on_the_order_of_events():
    assert stress.scenario_library([WEATHER, RATES]) == stress.scenario_library([RATES, WEATHER])


@given(books(structures=("exclusive", "ladder", "k_of_n", "matrix"), voids=(None,)))
def test_worst_surprise_is_the_worst_case(case):
    terms, marks, quantities = case
    one = EventBook(terms, "", marks, np.arange(len(quantities)), quantities, 1)
    losses = np.array(
        [
            scenario_losses(s, {"E": one}, len(quantities))
            for s in stress.surprise_resolutions([one])
        ]
    )
    assert (losses.max(axis=0) == worst_case(terms, marks, quantities).loss_micros).all()
    assert (event_losses(terms, marks, quantities) == losses.T).all()


def test_scenario_of_an_event_that_nobody_holds():
    scenario = Scenario("x", "S1", "", (stress.Outcome("gone", (10_000,)),))
    assert scenario_losses(scenario, BY_TICKER, 2).tolist() == [0, 0]


# Group 0: customers lose 50 beyond margin 30 and gain 100; house gains 15.
# Group 1: house loses 40 and gains 10 beside it, margin 5 and 5; customer is covered.
LOSSES = np.array([80, -100, -15, 40, -10, 20])
MARGIN = np.array([30, 500, 7, 5, 5, 20])
GROUP = np.array([0, 0, 0, 1, 1, 1])
HOUSE = np.array([False, False, True, True, True, False])


@pytest.mark.parametrize(
    ("own_fund", "shortfall"),
    [((0, 0), [35, 20]), ((10, 30), [25, 0])],
)
def test_group_shortfalls_by_hand(own_fund, shortfall):
    found = group_shortfalls(LOSSES, MARGIN, GROUP, HOUSE, np.array(own_fund))
    # customers 80 - 30 = 50, the other's gain does not help; the house's 15 does
    # house 40 - 10 - (5 + 5) = 20
    assert found.shortfall.tolist() == shortfall
    assert found.margin_required.tolist() == [537, 30]
    assert found.stressed_loss.tolist() == [80 - 15, 30 + 20]


def test_customer_gains_never_cover_the_house():
    found = group_shortfalls(
        np.array([100, -1000]), np.array([10, 0]), np.array([0, 0]), np.array([True, False]),
        np.array([0]),
    )  # fmt: skip
    assert found.shortfall.tolist() == [90]


def test_unused_house_margin_does_not_cover_customers():
    found = group_shortfalls(
        np.array([0, 100]), np.array([1000, 10]), np.array([0, 0]), np.array([True, False]),
        np.array([0]),
    )  # fmt: skip
    assert found.shortfall.tolist() == [90]


@given(st.lists(st.tuples(st.integers(-99, 99), st.integers(0, 50), st.integers(0, 2),
                          st.booleans()), max_size=12))  # fmt: skip
def test_group_shortfalls_one_by_one(rows):
    columns = list(zip(*rows, strict=True)) or [(), (), (), ()]
    losses, required, group = (np.array(column, dtype=np.int64) for column in columns[:3])
    house = np.array(columns[3], dtype=bool)
    found = group_shortfalls(losses, required, group, house, np.array([5, 0, 50]))
    for number, fund in enumerate((5, 0, 50)):
        mine = [row for row in rows if row[2] == number]
        customers = sum(max(0, loss - margin) for loss, margin, _, h in mine if not h)
        house_loss = sum(loss for loss, _, _, h in mine if h)
        house_margin = sum(margin for _, margin, _, h in mine if h)
        open_ = max(0, house_loss - house_margin) + max(0, customers - max(0, -house_loss))
        assert found.shortfall[number] == max(0, open_ - fund)


def test_cover_by_hand():
    found = cover(np.array([[5, 9, 9], [0, 0, 3], [0, 0, 0]]))
    assert found.cover_1.tolist() == [9, 3, 0]
    assert found.cover_1_group.tolist() == [1, 2, -1]
    assert found.cover_2.tolist() == [18, 3, 0]
    assert found.cover_2_groups.tolist() == [[1, 2], [2, -1], [-1, -1]]


def test_cover_of_a_single_group():
    found = cover(np.array([[4]]))
    assert (found.cover_1.tolist(), found.cover_2.tolist()) == ([4], [4])
    assert found.cover_2_groups.tolist() == [[0, -1]]
