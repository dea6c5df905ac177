"""Random events and books for the property tests."""

from fractions import Fraction

import numpy as np
from hypothesis import strategies as st

from reporting.model.events.terms import EventTerms

STRUCTURES = (
    "binary",
    "exclusive_exhaustive",
    "exclusive",
    "ladder",
    "ladder_brackets",
    "k_of_n",
    "at_least_k",
    "matrix",
    "binaries",
)

VOIDS = ((), ("half",), ("last",), ("half", "last"))


@st.composite
def event_terms(draw, structures=STRUCTURES, voids=VOIDS):
    """Terms of a random event of up to six contracts."""
    structure = draw(st.sampled_from(structures))
    n = 1 if structure == "binary" else draw(st.integers(2, 6))
    payoffs, k = (), None
    if structure in ("k_of_n", "at_least_k"):
        k = draw(st.integers(1, n))
    if structure in ("ladder_brackets", "matrix"):
        m = draw(st.integers(1, 7))
        pays = st.sampled_from((0, 10_000))
        if structure == "matrix":
            pays = st.integers(0, 30_000)
        payoffs = tuple(tuple(draw(pays) for _ in range(m)) for _ in range(n))
    return EventTerms(
        event_ticker="E",
        structure=structure,
        reason="test",
        legs=tuple(f"E-{leg}" for leg in range(n)),
        voids=draw(st.sampled_from(voids)),
        k=k,
        payoffs=payoffs,
    )


_FEW = st.integers(1, 4)


@st.composite
def books(draw, structures=STRUCTURES, voids=VOIDS, rows=_FEW):
    """(terms, marks int64[n], quantities int64[a, n])."""
    terms = draw(event_terms(structures, voids))
    n = len(terms.legs)
    marks = np.array([draw(st.integers(0, 10_000)) for _ in range(n)], dtype=np.int64)
    # Small ranges make ties and zeros common, large ones reach real sizes.
    size = draw(st.sampled_from((2, 50, 10**7, 10**12)))
    quantity = st.integers(-size, size)
    table = [[draw(quantity) for _ in range(n)] for _ in range(draw(rows))]
    return terms, marks, np.array(table, dtype=np.int64)


def in_dollars(terms):
    """Payoff table of the terms in dollars, for the plain implementation."""
    return [[Fraction(pay, 10_000) for pay in row] for row in terms.payoffs] or None


def prices(marks):
    return [Fraction(int(mark), 10_000) for mark in marks]


def contracts(quantities):
    return [Fraction(int(quantity), 100) for quantity in quantities]


def dollars(micros):
    return Fraction(int(micros), 10**6)
