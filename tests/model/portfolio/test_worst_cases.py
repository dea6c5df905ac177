"""Worst cases straight from position arrays: against plain.py, and the same in any order."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.random_market import market_of

from model import plain
from model.books import contracts, dollars, event_terms, in_dollars, prices
from reporting.model.errors import ModelError
from reporting.model.events.terms import EventTerms
from reporting.model.portfolio import worst_cases
from reporting.model.portfolio.market import Market
from reporting.model.portfolio.positions import Positions
from reporting.model.portfolio.worst_cases import WorstCases, event_books, event_worst_cases


def _market(terms: list[EventTerms], marks: list) -> Market:
    names = [f"E{number}" for number in range(len(terms))]
    return market_of(terms, marks, events=names)


def _positions(rows: list[tuple[int, int, int, bool, int]]) -> Positions:
    account, event, leg, margined, qty = zip(*rows, strict=True) if rows else [()] * 5
    numbers = (np.array(column, dtype=np.int64) for column in (account, event, leg, qty))
    account, event, leg, qty = numbers
    return Positions(account, event, leg, np.array(margined, dtype=bool), qty)


@st.composite
def _held(draw):
    """A few events, and positions in them that may repeat a contract."""
    terms = draw(st.lists(event_terms(), min_size=1, max_size=4))
    mark = st.integers(0, 10_000)
    marks = [[draw(mark) for _ in found.legs] for found in terms]
    qty = st.integers(-5, 5) | st.integers(-(10**12), 10**12)
    rows = []
    for _ in range(draw(st.integers(0, 12))):
        event = draw(st.integers(0, len(terms) - 1))
        leg = draw(st.integers(0, len(terms[event].legs) - 1))
        rows.append((draw(st.integers(0, 3)), event, leg, draw(st.booleans()), draw(qty)))
    return _market(terms, marks), rows


@settings(deadline=None)
@given(_held())
def test_every_book_has_the_plain_worst_case(case):
    market, rows = case
    held: dict[tuple[int, bool, int], list[int]] = {}
    for account, event, leg, margined, qty in rows:
        legs = len(market.terms[event].legs)
        held.setdefault((event, margined, account), [0] * legs)[leg] += qty
    found = event_worst_cases(_positions(rows), market)
    keys = list(zip(found.event.tolist(), found.margined.tolist(), found.account, strict=True))
    assert keys == sorted(held)
    for row, key in enumerate(keys):
        terms, price = market.terms[key[0]], prices(market.marks[key[0]])
        outcomes = plain.states(
            terms.structure, len(price), terms.k, in_dollars(terms), terms.voids, price
        )
        loss, state, premium = plain.worst(outcomes, price, contracts(held[key]))
        assert dollars(found.worst_case[row]) == loss
        assert found.worst_state[row] == state
        assert dollars(found.premium[row]) == premium
    dense = {
        (event, margined, account): book
        for event, margined, accounts, table in event_books(_positions(rows), market)
        for account, book in zip(accounts.tolist(), table.tolist(), strict=True)
    }
    assert dense == held


def test_neither_order_of_rows_nor_threads_change_anything(monkeypatch):
    random = np.random.default_rng(7)
    structures = [("exclusive", {}), ("ladder", {}), ("k_of_n", {"k": 2}), ("binaries", {})]
    terms = [
        EventTerms(f"E{n}", structure, "", ("A", "B", "C", "D"), **more)
        for n, (structure, more) in enumerate(structures * 5)
    ]
    market = _market(terms, random.integers(0, 10_001, (20, 4)).tolist())
    columns = [random.integers(0, high, 5_000) for high in (300, 20, 4, 2)]
    qty = random.integers(-1_000, 1_001, 5_000)
    account, event, leg, margined = columns
    first = event_worst_cases(Positions(account, event, leg, margined.astype(bool), qty), market)
    assert len(first.account) > 1_000
    monkeypatch.setattr(worst_cases, "_MANY_POSITIONS", 0)
    order = random.permutation(5_000)
    account, event, leg, margined, qty = (c[order] for c in (*columns, qty))
    second = event_worst_cases(Positions(account, event, leg, margined.astype(bool), qty), market)
    for name in WorstCases.__dataclass_fields__:
        assert np.array_equal(getattr(first, name), getattr(second, name))


# Two legs that pay 10,000: a quantity times 2 legs times 10,000 times 2 must fit.
LIMIT = (2**63 - 1) // (2 * 2 * 10_000)


@pytest.mark.parametrize(
    ("quantities", "refused"),
    [
        ([(0, LIMIT), (1, -LIMIT)], None),
        ([(0, LIMIT), (1, LIMIT + 1)], "B"),
        ([(0, -(2**63))], "A"),
        ([(1, LIMIT), (1, 1)], "B"),
        ([(0, 2**63 - 1), (0, 2**63 - 1), (0, 2)], "A"),
        ([(1, 2**62), (0, 2**62)], "A"),
    ],
)
def test_a_quantity_too_large_is_refused_by_name(quantities, refused):
    market = _market([EventTerms("E0", "exclusive", "", ("A", "B"))], [[10_000, 10_000]])
    rows = [(0, 0, leg, True, qty) for leg, qty in quantities]
    for given_rows in (rows, rows[::-1]):
        if refused is None:
            # S = 0; B wins: pays the limit x 1 dollar.
            assert event_worst_cases(_positions(given_rows), market).worst_case == [LIMIT * 10_000]
        else:
            with pytest.raises(ModelError, match=f"quantities: .*E0.* of {refused} is beyond"):
                event_worst_cases(_positions(given_rows), market)
