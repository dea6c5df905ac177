"""Combinations netted with the events of their legs."""

import math
from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.model.errors import ModelError
from reporting.model.events.combination_terms import flag_combinations, why_not_netted
from reporting.model.events.terms import CombinationLeg, EventTerms, state_count
from reporting.model.portfolio.combination_credits import combination_credits, joint_state_label
from reporting.model.portfolio.positions import Positions

from .. import plain
from ..books import contracts, event_terms, in_dollars, prices


def event(name, structure="binary", n=1, **more):
    legs = tuple(f"{name}-{leg}" for leg in range(n))
    return EventTerms(name, structure, "", legs, **more)


def combination(name, *legs, **more):
    """legs: (event, contract number, side)."""
    chosen = tuple(CombinationLeg(e, f"{e}-{number}", side) for e, number, side in legs)
    return event(name, "combination", combination_legs=chosen, **more)


def credits(terms, marks, positions, priced=None):
    """positions: (account, event, leg, margined, qty); qty in 1e-2 contracts."""
    marks = [np.array(values, dtype=np.int64) for values in marks]
    priced = priced or [np.ones(len(values), dtype=bool) for values in marks]
    table = np.array(positions, dtype=np.int64).reshape(-1, 5).T
    account, event_number, leg, margined, qty = table
    market = SimpleNamespace(terms=terms, marks=marks, priced=priced)
    found = combination_credits(
        Positions(account, event_number, leg, margined.astype(bool), qty), market
    )
    labels = [
        joint_state_label(found.groups[group], market, state)
        for group, state in zip(found.group, found.worst_state.tolist(), strict=True)
    ]
    return found, labels


A, B, C = event("A"), event("B"), event("C")
AB = combination("AB", ("A", 0, "yes"), ("B", 0, "yes"))
NOT_A_AND_B = combination("NB", ("A", 0, "no"), ("B", 0, "yes"))
SIX = event("S", "exclusive", 6)
SIX_B = combination("SB", ("S", 2, "yes"), ("B", 0, "yes"))
TWO_OF_SIX = combination("SS", ("S", 2, "yes"), ("S", 3, "yes"))

DOLLARS = 10**6


@pytest.mark.parametrize(
    ("terms", "marks", "held", "joint", "single", "state"),
    [
        # Long 100 AB at 30, short 100 A at 60: A alone costs 40, both hits give 70 - 40.
        ([A, B, AB], [[6000], [5000], [3000]], {2: [100], 0: [-100]}, 70, 70,
         "A: yes; B: no"),
        # Short AB, long A: A and B costs 70 - 40; A alone gains; not A costs 60 - 30.
        ([A, B, AB], [[6000], [5000], [3000]], {2: [-100], 0: [100]}, 30, 130,
         "A: no; B: no"),
        # Short AB and 100 of each leg: neither costs 60 + 50 - 30.
        ([A, B, AB], [[6000], [5000], [3000]], {2: [-100], 0: [100], 1: [100]}, 80, 180,
         "A: no; B: no"),
        # Long AB and (not A)B, which make B, and short B: 30 + 25 paid, 50 got, in any state.
        ([A, B, AB, NOT_A_AND_B], [[6000], [5000], [3000], [2500]],
         {2: [100], 3: [100], 1: [-100]}, 5, 105, "A: no; B: no"),
        # The same sold: a sure gain of 5, which is not yet money.
        ([A, B, AB, NOT_A_AND_B], [[6000], [5000], [3000], [2500]],
         {2: [-100], 3: [-100], 1: [100]}, 0, 195, "A: no; B: no"),
        # Long (not A)B at 25 and long A at 60: neither pays.
        ([A, B, NOT_A_AND_B], [[6000], [5000], [2500]], {2: [100], 0: [100]}, 85, 85,
         "A: no; B: no"),
        # Short both instead: A costs 100 - 85, so does B alone; never both.
        ([A, B, NOT_A_AND_B], [[6000], [5000], [2500]], {2: [-100], 0: [-100]}, 15, 115,
         "A: no; B: yes"),
        # Short (S2 and B) at 10, long S2 at 30: both hit costs 90 - 70, S2 missing 30 - 10.
        ([B, SIX, SIX_B], [[5000], [1000, 1000, 3000, 1000, 1000, 1000], [1000]],
         {2: [-100], 1: [0, 0, 100, 0, 0, 0]}, 20, 120, "B: no; S: S-0"),
        # Two of one exclusive event never hit together: sold at 20, kept against 70.
        ([SIX, TWO_OF_SIX], [[1000, 1000, 3000, 1000, 1000, 1000], [2000]],
         {1: [-100], 0: [0, 0, -100, 0, 0, 0]}, 50, 150, "S: S-2"),
    ],
)  # fmt: skip
def test_by_hand(terms, marks, held, joint, single, state):
    positions = [
        (0, e, leg, 1, qty * 100) for e, row in held.items() for leg, qty in enumerate(row) if qty
    ]
    found, (label,) = credits(terms, marks, positions)
    assert found.joint_worst_case.tolist() == [joint * DOLLARS]
    assert found.single_worst_cases.tolist() == [single * DOLLARS]
    assert found.credit.tolist() == [(single - joint) * DOLLARS]
    assert label == state
    assert found.held == (tuple(sorted(held)),)


def test_void_at_half():
    """Sold: 100 of each of six exclusive contracts at 10, and of two of them together at 20.

    One winner costs 100 - 60 - 20, the void 300 - 60 + 25 - 20: there both are at half, and
    the two together at a quarter. Alone: 300 - 60 and 100 - 20.
    """
    six = event("S", "exclusive", 6, voids=("half",))
    positions = [(0, 0, leg, 1, -10_000) for leg in range(6)] + [(0, 1, 0, 1, -10_000)]
    found, (label,) = credits([six, TWO_OF_SIX], [[1000] * 6, [2000]], positions)
    assert found.joint_worst_case.tolist() == [245 * DOLLARS]
    assert found.credit.tolist() == [75 * DOLLARS]
    assert label == "S: void at 50/50"


def test_a_fraction_of_a_micro_is_rounded_up():
    """Six legs that all pay a half: a hundredth of a contract pays 10^4 / 2^6 = 156.25 micros.

    Sold at 0, beside one of the legs sold at 0, which costs 5,000 micros in the same state.
    """
    legs = tuple(f"V-{leg}" for leg in range(6))
    halves = EventTerms("V", "matrix", "", legs, payoffs=((0, 5000),) * 6)
    six = combination("C6", *(("V", leg, "yes") for leg in range(6)))
    found, (label,) = credits([halves, six], [[0] * 6, [0]], [(0, 1, 0, 1, -1), (0, 0, 1, 1, -1)])
    assert found.joint_worst_case.tolist() == [5157]
    assert found.credit.tolist() == [10_000 + 5000 - 5157]
    assert label == "V: state 1"


def test_only_a_book_with_a_leg_event_is_netted():
    """Margined and fully collateralised never net; a combination alone stays as it is."""
    marks = [[6000], [5000], [3000]]
    positions = [
        (0, 2, 0, 1, -10_000),
        (0, 0, 0, 0, 10_000),
        (1, 2, 0, 1, -10_000),
        (2, 2, 0, 0, -10_000),
        (2, 0, 0, 0, 10_000),
        (3, 0, 0, 1, 10_000),
    ]
    found, _ = credits([A, B, AB], marks, positions)
    assert found.account.tolist() == [2]
    assert found.margined.tolist() == [False]
    assert found.credit.tolist() == [100 * DOLLARS]


def test_groups_hang_together_through_combinations():
    names = "ABCDE"
    events = [event(name) for name in names]
    linked = [
        combination("X", ("A", 0, "yes"), ("B", 0, "yes")),
        combination("Y", ("D", 0, "yes"), ("E", 0, "yes")),
        combination("Z", ("B", 0, "yes"), ("C", 0, "yes")),
    ]
    positions = [(0, e, 0, 1, 100) for e in range(8)]
    found, _ = credits([*events, *linked], [[5000]] * 8, positions)
    assert [group.combinations for group in found.groups] == [(5, 7), (6,)]
    assert [group.leg_events for group in found.groups] == [(0, 1, 2), (3, 4)]
    assert [group.states for group in found.groups] == [8, 4]
    assert found.held == ((0, 1, 2, 5, 7), (3, 4, 6))


@pytest.mark.parametrize(
    ("size", "reason", "joint", "state"),
    [
        (16, "", 30, "A: A-0; B: B-0; C: C-0"),
        (17, "4352 joint states, at most 4096", 130, ""),
    ],
)
def test_too_many_joint_states_are_not_netted(size, reason, joint, state):
    """B bought at 10, AB and BC sold at 40: all hit costs 60 + 60 - 90; alone 60, 60 and 10."""
    sizes = {"A": 16, "B": 16, "C": size}
    wide = [event(name, "exclusive_exhaustive", n) for name, n in sizes.items()]
    bc = combination("BC", ("B", 0, "yes"), ("C", 0, "yes"))
    marks = [[1000] + [0] * (len(one.legs) - 1) for one in wide] + [[4000], [4000]]
    positions = [(0, 3, 0, 1, -10_000), (0, 4, 0, 1, -10_000), (0, 1, 0, 1, 10_000)]
    found, labels = credits([*wide, AB, bc], marks, positions)
    assert [group.reason for group in found.groups] == [reason]
    assert found.single_worst_cases.tolist() == [130 * DOLLARS]
    assert found.joint_worst_case.tolist() == [joint * DOLLARS]
    assert labels == [state]


def test_void_at_a_last_price_that_is_not_there():
    terms = [event("A", voids=("last",)), B, AB]
    positions = [(0, 2, 0, 1, -10_000), (0, 1, 0, 1, 10_000)]
    marks = [[0], [5000], [3000]]
    found, _ = credits(terms, marks, positions, [np.array([False]), *[np.array([True])] * 2])
    assert found.groups[0].reason == "leg A-0 has no last price to be void at"
    assert found.credit.tolist() == [0]
    found, _ = credits(terms, marks, positions)
    assert found.credit.tolist() == [100 * DOLLARS]


@pytest.mark.parametrize(
    ("one", "known", "reason"),
    [
        (AB, [A, B], ""),
        (AB, [A], "leg B-0 is not known"),
        (combination("X", ("A", 7, "yes")), [A], "leg A-7 is not known"),
        (combination("X", ("AB", 0, "yes")), [AB], "leg AB-0 is a combination itself"),
        (event("X", "combination"), [A], "its legs cannot be read"),
        (combination("X", ("A", 0, "yes"), voids=("half",)), [A],
         "it can be void where its legs are not"),
        (combination("X", ("M", 0, "yes")), [event("M", "matrix", payoffs=((0, 20_000),))],
         "leg M-0 may pay other than between nothing and its payout"),
        (combination("X", ("L", 0, "yes"), ("B", 0, "yes")),
         [event("L", "binaries", 11, voids=("half",)), B], "4098 joint states, at most 4096"),
        (combination("X", ("L", 0, "yes"), ("B", 0, "yes")), [event("L", "binaries", 11), B], ""),
    ],
)  # fmt: skip
def test_why_not_netted(one, known, reason):
    every = {terms.event_ticker: terms for terms in [*known, one]}
    assert why_not_netted(one, every) == reason
    flagged = flag_combinations(every)[one.event_ticker]
    assert flagged.flags == (("COMBINATION_NOT_NETTED",) if reason else ())
    assert flagged.reason.endswith(reason)


def test_too_large_an_amount_is_refused():
    largest = (2**63 - 1) // 20_000
    positions = [(0, e, 0, 1, q) for e, q in ((0, largest), (1, largest), (2, -largest))]
    with pytest.raises(ModelError, match="exceeds int64"):
        credits([A, B, AB], [[10_000], [10_000], [0]], positions)


@st.composite
def linked_books(draw):
    """(terms, marks, positions): up to four events and three combinations of one or two legs."""
    events = []
    for number in range(draw(st.integers(1, 4))):
        found = draw(event_terms(structures=("binary", "exclusive", "ladder", "k_of_n", "matrix")))
        name = "ABCD"[number]
        payoffs = tuple(tuple(pay // 3 for pay in row) for row in found.payoffs)
        legs = tuple(f"{name}-{leg}" for leg in range(len(found.legs)))
        events.append(EventTerms(name, found.structure, "", legs, found.voids, found.k, payoffs))
    combos = []
    for number in range(draw(st.integers(1, 3))):
        legs = []
        for _ in range(draw(st.integers(1, 2))):
            chosen = draw(st.sampled_from(events))
            leg = draw(st.integers(0, len(chosen.legs) - 1))
            legs.append((chosen.event_ticker, leg, draw(st.sampled_from(("yes", "no")))))
        combos.append(combination(f"X{number}", *legs))
    terms = [*events, *combos]
    price = st.integers(0, 10_000)
    marks = [[draw(price) for _ in one.legs] for one in terms]
    size = draw(st.sampled_from((2, 50, 10**7)))
    positions = []
    for account in range(draw(st.integers(1, 3))):
        for number, one in enumerate(terms):
            for leg in range(len(one.legs)):
                qty = draw(st.integers(-size, size))
                if qty and draw(st.booleans()):
                    positions.append((account, number, leg, account % 2, qty))
    return terms, marks, positions


def plain_events(terms, marks, quantities, group):
    """The group of one book for the plain enumeration: events, combinations."""
    events = []
    for number in group.leg_events:
        one = terms[number]
        outcomes = plain.states(
            one.structure, len(one.legs), one.k, in_dollars(one), one.voids, prices(marks[number])
        )
        events.append((outcomes, prices(marks[number]), contracts(quantities[number])))
    places = {terms[number].event_ticker: at for at, number in enumerate(group.leg_events)}
    combos = []
    for number in group.combinations:
        legs = [
            (places[leg.event_ticker], int(leg.market_ticker.split("-")[1]), leg.side)
            for leg in terms[number].combination_legs
        ]
        combos.append((prices(marks[number])[0], contracts(quantities[number])[0], legs))
    return events, combos


@given(linked_books())
def test_agrees_with_the_plain_enumeration(case):
    terms, marks, positions = case
    found, _ = credits(terms, marks, positions)
    assert (found.credit >= 0).all()
    for row, (account, margined) in enumerate(
        zip(found.account.tolist(), found.margined.tolist(), strict=True)
    ):
        quantities = [[0] * len(one.legs) for one in terms]
        for other, number, leg, kind, qty in positions:
            if (other, bool(kind)) == (account, margined):
                quantities[number][leg] += qty
        group = found.groups[found.group[row]]
        assert group.states == math.prod(state_count(terms[number]) for number in group.leg_events)
        if group.reason:
            assert found.credit[row] == 0
            continue
        joint, state, single, every = plain.joint(*plain_events(terms, marks, quantities, group))
        exact = joint * 10**6
        assert found.joint_worst_case[row] == math.ceil(exact)
        assert found.single_worst_cases[row] == single * 10**6
        assert found.credit[row] == math.floor(single * 10**6 - exact)
        assert found.worst_state[row] == state
        assert all(Fraction(int(found.joint_worst_case[row])) >= loss * 10**6 for loss in every)


def as_rows(found):
    return [
        (account, margined, found.groups[group], joint, single, state, held)
        for account, margined, group, joint, single, state, held in zip(
            found.account.tolist(), found.margined.tolist(), found.group.tolist(),
            found.joint_worst_case.tolist(), found.single_worst_cases.tolist(),
            found.worst_state.tolist(), found.held, strict=True,
        )
    ]  # fmt: skip


@given(linked_books(), st.randoms(use_true_random=False))
def test_order_and_unrelated_events_change_nothing(case, random):
    terms, marks, positions = case
    found, _ = credits(terms, marks, positions)
    shuffled = random.sample(positions, len(positions))
    again, _ = credits(terms, marks, shuffled)
    assert as_rows(again) == as_rows(found)
    unrelated = [
        (account, len(terms), 0, margined, 700) for account in range(3) for margined in (0, 1)
    ]
    more, _ = credits([*terms, event("Z")], [*marks, [4000]], positions + unrelated)
    assert as_rows(more) == as_rows(found)
