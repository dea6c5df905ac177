"""Credits of combinations beside their legs, by hand: section 1 of the specification."""

import pytest

from reporting.replica.combinations import credits_of
from reporting.replica.listed import quantities_of
from reporting.replica.worst_case import worst_case_of

from .markets import SCHEDULE, combination, contract, event

A = event(contract("A-1", 5000), ticker="A")
B = event(contract("B-1", 5000), ticker="B")
BOTH = (("A", "A-1", True), ("B", "B-1", False))


def credits(events, book):
    by_name = {each.ticker: each for each in events}
    held = {
        name: worst_case_of(each, quantities_of(each, book), SCHEDULE)
        for name, each in by_name.items()
        if any(quantities_of(each, book))
    }
    return credits_of(book, by_name, held)


def test_a_short_combination_beside_its_leg():
    """C = A yes and B no, at 0.25. Short C and long A, 1.00 each: single 0.75 + 0.50 = 1.25.
    A yes, B no: 0.75 - 0.50 = 0.25; A no: -0.25 + 0.50 = 0.25. Credit 1.00."""
    (credit,) = credits([A, B, combination(*BOTH)], {"C-1": -100, "A-1": 100})
    assert (credit.single_micros, credit.joint_micros) == (1_250_000, 250_000)
    assert credit.micros == 1_000_000
    assert (credit.combinations, credit.held_events) == (("C",), ("A", "C"))


def test_a_leg_selected_as_no_pays_when_it_fails():
    """Short C and long B: C wins only where B loses. A yes, B no: 0.75 + 0.50 = 1.25, nothing
    nets. Short C and short B: A yes, B no: 0.75 - 0.50; B yes: -0.25 + 0.50: credit 1.00."""
    events = [A, B, combination(*BOTH)]
    assert credits(events, {"C-1": -100, "B-1": 100}) == []
    (credit,) = credits(events, {"C-1": -100, "B-1": -100})
    assert credit.joint_micros == 250_000


def test_two_combinations_on_one_leg_are_one_group():
    """Short C (A yes, B no) and short D (A yes, B yes) and long A: at most one of the two wins,
    and then A does: single 0.75 + 0.75 + 0.50 = 2.00; A yes: 0.75 - 0.25 - 0.50 = 0,
    A no: -0.25 - 0.25 + 0.50 = 0."""
    other = combination(("A", "A-1", True), ("B", "B-1", True), ticker="D", mark=2500)
    other = event(contract("D-1", 2500), ticker="D", structure="combination", legs=other.legs)
    book = {"C-1": -100, "D-1": -100, "A-1": 100}
    (credit,) = credits([A, B, combination(*BOTH), other], book)
    assert (credit.combinations, credit.joint_micros) == (("C", "D"), 0)
    assert credit.single_micros == 2_000_000


def test_a_void_of_a_leg_pays_its_part():
    """A void pays half: long C, short A, 1.00 each. A yes, B yes: 0.25 + 0.50 = 0.75; A void,
    B no: C pays 0.50: 0.25 - 0.50 + 0.50 - 0.50 = -0.25. Single 0.25 + 0.50: no credit,
    but with B short too the worst is A yes, B yes: 1.25 of 1.25."""
    voidable = event(contract("A-1", 5000), ticker="A", voids=("half",))
    assert credits([voidable, B, combination(*BOTH)], {"C-1": 100, "A-1": -100}) == []
    # Short C and long A: A void, B no: -0.25 + 0.50 - 0.50 + 0.50 = 0.25, as in the others.
    (credit,) = credits([voidable, B, combination(*BOTH)], {"C-1": -100, "A-1": 100})
    assert credit.joint_micros == 250_000


def test_separate_binaries_are_legs_by_all_their_states():
    """Two markets of one event that need not exclude each other: (yes, yes) is a state."""
    pair = event(contract("P-1", 5000), contract("P-2", 5000), ticker="P", structure="binaries")
    both = combination(("P", "P-1", True), ("P", "P-2", True))
    (credit,) = credits([pair, both], {"C-1": -100, "P-1": 100, "P-2": 100})
    # Both: 0.75 - 1.00; one: -0.25 + 0; none: -0.25 + 1.00 = 0.75 of 0.75 + 1.00.
    assert (credit.single_micros, credit.joint_micros) == (1_750_000, 750_000)


@pytest.mark.parametrize(
    "events",
    [
        # Nothing but the combination is held; a leg event, or the leg in it, is not known;
        # no legs are given.
        [A, combination(*BOTH)],
        [event(contract("A-2", 5000), ticker="A"), B, combination(*BOTH)],
        [A, B, combination()],
        # 4,097 states of A alone.
        [
            event(
                *(contract(f"A-{n}", 5000) for n in range(1, 4097)),
                ticker="A",
                structure="exclusive",
            ),
            B,
            combination(*BOTH),
        ],
        # A may settle at a fair price; it may pay more than 1; the combination may be void.
        [event(contract("A-1", 5000), ticker="A", voids=("fair",)), B, combination(*BOTH)],
        [
            event(contract("A-1", 5000), ticker="A", structure="matrix", table=((0, 20_000),)),
            B,
            combination(*BOTH),
        ],
        [A, B, combination(*BOTH, voids=("half",))],
    ],
)
def test_no_credit(events):
    assert credits(events, {"C-1": -100, "A-1": 100, "A-2": 100}) == []


def test_no_credit_without_a_leg():
    assert credits([A, B, combination(*BOTH)], {"C-1": -100}) == []


def test_exactly_4096_states_get_a_credit():
    """A of 2,047 exclusive and "none" times B of two: 4,096 states."""
    many = event(
        *(contract(f"A-{n}", 5000) for n in range(1, 2048)), ticker="A", structure="exclusive"
    )
    assert len(credits([many, B, combination(*BOTH)], {"C-1": -100, "A-1": 100})) == 1
    more = event(
        *(contract(f"A-{n}", 5000) for n in range(1, 2049)), ticker="A", structure="exclusive"
    )
    assert credits([more, B, combination(*BOTH)], {"C-1": -100, "A-1": 100}) == []


def test_a_combination_that_is_not_netted_leaves_the_others():
    """D has a leg in an event with fair prices; C and A net as in the first test."""
    fair = event(contract("F-1", 5000), ticker="F", voids=("fair",))
    other = combination(("A", "A-1", True), ("F", "F-1", True))
    other = event(contract("D-1", 2500), ticker="D", structure="combination", legs=other.legs)
    book = {"C-1": -100, "A-1": 100, "D-1": -100}
    (credit,) = credits([A, B, fair, combination(*BOTH), other], book)
    assert (credit.combinations, credit.micros) == (("C",), 1_000_000)


def test_a_sure_gain_of_the_legs_is_added_back():
    """A full set of P bought at 0.60 gains 0.40 for sure. Short C (P-1 and B no) at 0.10 and short
    B at 0.50: B yes: -0.40 - 0.10 + 0.50 = 0, B no and P-1: -0.40 + 0.90 - 0.50 = 0, else -0.90 -
    0.10. J = 0, with 0.40 added back 0.40; single 0.90 + 0.50: credit 1.00."""
    pair = (contract("P-1", 3000), contract("P-2", 3000))
    full_set = event(*pair, ticker="P", structure="exclusive_exhaustive")
    tie = combination(("P", "P-1", True), ("B", "B-1", False), mark=1000)
    book = {"P-1": 100, "P-2": 100, "C-1": -100, "B-1": -100}
    (credit,) = credits([full_set, B, tie], book)
    assert (credit.single_micros, credit.joint_micros) == (1_400_000, 400_000)
    assert credit.held_events == ("B", "C", "P")
