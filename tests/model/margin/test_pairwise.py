"""Pairwise netting: by hand, and never below the exact worst case."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.model.events.terms import EventTerms
from reporting.model.margin.pairwise import has_pairs, pairwise_worst_case
from reporting.model.margin.worst_case import gross_worst_case, worst_case

from ..books import books


def terms(structure: str, legs: int, voids: tuple[str, ...] = ()) -> EventTerms:
    return EventTerms("E", structure, "", tuple(map(str, range(legs))), voids=voids)


def pairwise(found, marks, quantities, rule) -> int:
    book = np.array([quantities])
    return int(pairwise_worst_case(found, np.array(marks), book, rule)[0])


def test_one_no_of_each_of_two_is_a_pair():
    """NO at 0.40 and 0.30: 0.60 + 0.70 at stake, one of the two pays: 0.30 at risk."""
    found = terms("exclusive", 2)
    assert pairwise(found, [4000, 3000], [-100, -100], "MECNET") == 300_000
    assert (
        worst_case(found, np.array([4000, 3000]), np.array([[-100, -100]])).loss_micros == 300_000
    )


def test_three_no_return_a_pair_and_a_half_only():
    """0.60 + 0.70 + 0.80 at stake; half contracts pair all around and give 1.50 back, although
    two of three must pay."""
    found, marks = terms("exclusive", 3), [4000, 3000, 2000]
    assert pairwise(found, marks, [-100] * 3, "MECNET") == 600_000
    assert worst_case(found, np.array(marks), np.array([[-100] * 3])).loss_micros[0] == 100_000


def test_a_large_no_pairs_with_all_others():
    """400 against 100 and 100: two hundred pairs, the rest alone."""
    found = terms("exclusive", 3)
    gross = int(gross_worst_case(found, np.array([5000] * 3), np.array([[-400, -100, -100]]))[0])
    assert pairwise(found, [5000] * 3, [-400, -100, -100], "MECNET") == gross - 200 * 10_000


def test_yes_below_no_above_is_a_pair_on_a_ladder():
    found, marks = terms("ladder", 2), [7000, 4000]
    # 0.70 + 0.60 at stake, at least one of them pays: 0.30; the other way round none is.
    assert pairwise(found, marks, [100, -100], "DIRECNET") == 300_000
    assert pairwise(found, marks, [-100, 100], "DIRECNET") == 700_000


@pytest.mark.parametrize(
    ("structure", "voids", "rule"),
    [
        ("exclusive", ("half",), "MECNET"),
        ("exclusive", (), ""),
        ("ladder", (), "MECNET"),
        ("exclusive", (), "DIRECNET"),
    ],
)
def test_where_there_are_no_pairs_it_is_gross(structure, voids, rule):
    found = terms(structure, 2, voids)
    assert not has_pairs(found, rule)
    marks, book = np.array([4000, 3000]), np.array([[-100, -100]])
    assert pairwise_worst_case(found, marks, book, rule) == gross_worst_case(found, marks, book)


@given(
    books(structures=("exclusive", "exclusive_exhaustive", "ladder"), voids=((),)),
    st.sampled_from(("MECNET", "DIRECNET", "")),
)
def test_pairwise_lies_between_exact_and_gross(case, rule):
    found, marks, quantities = case
    pairs = pairwise_worst_case(found, marks, quantities, rule)
    assert (pairs >= worst_case(found, marks, quantities).loss_micros).all()
    assert (pairs <= gross_worst_case(found, marks, quantities)).all()
