"""Gaps of books in events, and jump to resolution: by hand from margin-model.md section 5."""

from dataclasses import replace

import numpy as np
import pytest
from support.random_market import market_of

from model.schedules import schedule
from reporting.model.events.terms import CombinationLeg, EventTerms
from reporting.model.portfolio.positions import Positions
from reporting.model.portfolio.scenario_set import Draws
from reporting.model.portfolio.valuation import value

DAY = 86_400
DOLLARS = 10**6
"""Micros of a dollar."""
SCHEDULE = schedule(
    scenarios=100, kappa_bps={"default": 8_000}, jump_rate_bps_per_day={"default": 0}
)


def event(name, structure="binary", legs=1, **changes):
    return EventTerms(name, structure, "", tuple(f"{name}-{i}" for i in range(legs)), **changes)


def margins(terms, marks, held, of=SCHEDULE, **facts):
    """Margins of one account; held: (event, leg, contracts). All ten days out, liquidated in
    one."""
    facts = {"tau_seconds": np.full(len(terms), 10 * DAY)} | facts
    names = [one.event_ticker for one in terms]
    market = market_of(terms, marks, series=names, **facts)
    event_, leg, contracts = (
        np.array(column, dtype=np.int64) for column in zip(*held, strict=True)
    )
    everything = np.ones(len(held), dtype=bool)
    positions = Positions(np.zeros_like(event_), event_, leg, everything, 100 * contracts)
    return value(positions, market, 1, of, Draws()).margins


def test_a_scheduled_event_can_only_move():
    """f = 1/10: lambda is Phi^-1(0.999) / 3 = 1.03008, g(0.5) = Phi(1.03008) = 0.84851."""
    found = margins([event("A")], [[5_000]], [(0, 0, 100)])
    assert found.gaps[0] / DOLLARS == pytest.approx(100 * 0.84851 - 50, abs=1e-2)
    assert found.margined.jump_to_resolution[0] == found.gaps[0]


def test_an_event_that_may_close_early_costs_kappa_of_its_worst_case():
    """80 % of 50, more than the move."""
    found = margins([event("A")], [[5_000]], [(0, 0, 100)], may_close_early=[True])
    assert found.gaps.tolist() == [40 * DOLLARS]


def test_an_event_by_a_date_jumps_only_to_what_happened():
    """Long YES at 0.10 loses by nothing happening: the move. Short loses 90 x 80 % when it
    happens."""
    by_date = {"may_close_early": [True], "happens_by": [True]}
    short = margins([event("A")], [[1_000]], [(0, 0, -100)], **by_date)
    assert short.gaps.tolist() == [72 * DOLLARS]
    long = margins([event("A")], [[1_000]], [(0, 0, 100)], **by_date)
    plain = margins([event("A")], [[1_000]], [(0, 0, 100)])
    assert long.gaps.tolist() == plain.gaps.tolist()


def test_contracts_that_stand_alone_add_their_gaps():
    """Two of 50 x 80 % each."""
    terms = [event("A", "binaries", 2)]
    held = [(0, 0, 100), (0, 1, 100)]
    found = margins(terms, [[5_000, 5_000]], held, may_close_early=[True])
    assert found.gaps.tolist() == [80 * DOLLARS]


def test_an_event_without_probabilities_counts_in_full():
    """13 contracts of which 6 win: 1,716 states are listed; 14 of 7 are 3,432; 15 of 7 are too
    many."""
    terms = [event("A", "k_of_n", 15, k=7)]
    found = margins(terms, [[4_000] * 15], [(0, 0, 100)])
    assert found.gaps.tolist() == [40 * DOLLARS]


def test_a_sure_gain_has_no_gap():
    terms = [event("A", "exclusive_exhaustive", 2)]
    held = [(0, 0, 100), (0, 1, 100)]
    found = margins(terms, [[4_000, 4_000]], held, may_close_early=[True])
    assert found.gaps.tolist() == [0]
    assert found.margined.initial.tolist() == [0]


def combination(name, *legs):
    selected = tuple(CombinationLeg(e, f"{e}-0", side) for e, side in legs)
    return event(name, "combination", combination_legs=selected)


def test_netted_events_count_at_their_joint_worst_case():
    """Long 100 of A at 0.60 (gap 48), short 100 of A and B at 0.30 (gap 56), in one cluster.

    A failing costs 60, less 30 of the combination: 30 together."""
    terms = [event("A"), event("B"), combination("AB", ("A", "yes"), ("B", "yes"))]
    held = [(0, 0, 100), (2, 0, -100)]
    together = {"clusters": {"A": "C", "B": "C", "AB": "C"}}
    found = margins(
        terms,
        [[6_000], [5_000], [3_000]],
        held,
        replace(SCHEDULE, **together),
        may_close_early=[True] * 3,
    )
    assert sorted(found.gaps.tolist()) == [48 * DOLLARS, 56 * DOLLARS]
    assert found.margined.worst_case.tolist() == [30 * DOLLARS]
    assert found.margined.jump_to_resolution.tolist() == [30 * DOLLARS]


def test_a_sure_gain_pays_for_nothing_with_a_combination_either():
    """1,000 full sets at 0.30 x 3 (W -100), 200 long at 0.50 (W 100), and one lot of both.

    100, and the lot's 0.15."""
    full_set = event("S", "exclusive_exhaustive", 3)
    terms = [full_set, event("T"), combination("ST", ("S", "yes"), ("T", "yes"))]
    marks = [[3_000] * 3, [5_000], [1_500]]
    held = [(0, leg, 1_000) for leg in range(3)] + [(1, 0, 200)]
    tau = np.array([10 * DAY, DAY, DAY])
    found = margins(terms, marks, held, tau_seconds=tau)
    assert found.margined.initial.tolist() == [100 * DOLLARS]
    with_lot = margins(terms, marks, [*held, (2, 0, 1)], tau_seconds=tau)
    assert with_lot.margined.worst_case[0] == pytest.approx(100.15 * DOLLARS)
    assert with_lot.margined.initial[0] >= 100 * DOLLARS
