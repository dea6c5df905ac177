"""Cascade: by hand, against a plain version and brute force, and what more depth does."""

from fractions import Fraction as F
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reporting.model.default.cascade import Accounts, Holdings, Markets, cascade
from reporting.model.errors import ModelError

ONE = 10_000
PARTS = 100


def run(price, depth, cash, maintenance, positions, impact=None, one=ONE, parts=PARTS):
    """positions: per account {market: qty}."""
    rows = [(a, m, q) for a, held in enumerate(positions) for m, q in held.items()]
    account, market, qty = np.array(rows, dtype=np.int64).reshape(-1, 3).T
    return cascade(
        Markets(np.array(price), np.array(depth), impact or [F(1)] * len(price), one),
        Accounts(np.array(cash), np.array(maintenance), parts),
        Holdings(account, market, qty),
    )


def test_two_rounds_of_sales_by_hand():
    """The worked example of docs/calculators.md, prices in units of 1/10,000."""
    found = run([5000], [200], [-90000, -100000, 80000, 0, 55000], [20, 20, 20, 100, 20],
                [{0: 20}, {0: 30}, {0: -10}, {0: 10}, {0: -10}])  # fmt: skip
    # A: equity 10 - 9 = 1 < 0.2 x 10. E: 5.5 - 5 = 0.5 < 0.2 x 5. Sale of 20 of 200: 0.5 to 0.4;
    # purchase of 10: to 0.55. B: 12 - 10 = 2 < 0.2 x 12: out, 50 of 200 sold: 0.25.
    # C: 8 - 5.5 = 2.5 >= 0.2 x 4.5. D paid in full and cannot fall.
    assert found.round_of.tolist() == [1, 2, 0, 0, 1]
    assert [(m.number, m.sell.tolist(), m.buy.tolist()) for m in found.path] == [
        (1, [4000], [5500]),
        (2, [2500], [5500]),
    ]
    assert found.net.tolist() == [3000]  # 40 of 200 on balance
    # A 20 x 0.25, B 30 x 0.25, E 10 x 0.05
    assert found.loss.tolist() == [50000, 75000, 0, 0, 5000]
    assert found.deficit.tolist() == [40000, 25000, 0, 0, 0]


def test_prices_stay_between_nothing_and_all():
    found = run([5000, 5000], [1, 1], [-(10**6), 0], [0, 0], [{0: 100}, {1: -100}])
    assert found.sell.tolist() == [0, 5000]
    assert found.buy.tolist() == [5000, 10000]
    assert found.deficit.tolist() == [10**6, 10**6]


def test_a_price_is_rounded_against_who_trades():
    # a third of a unit: down for a sale, up for a purchase
    found = run([5000, 5000], [30_000, 30_000], [-(10**6), 0], [0, 0], [{0: 1}, {1: -1}])
    assert (found.sell[0], found.buy[1]) == (4999, 5001)


def test_nobody_and_nothing():
    assert run([], [], [], [], []).rounds == 0
    debt = run([], [], [-5], [0], [{}])
    assert (debt.rounds, debt.deficit.tolist()) == (1, [5])


# A plain version: sets, fractions, everything computed again in each round.


def plain_prices(book, out):
    sell, buy = [], []
    for m, (price, depth, impact) in enumerate(zip(book.price, book.depth, book.impact,
                                                   strict=True)):  # fmt: skip
        sold = sum(max(book.positions[a].get(m, 0), 0) for a in out)
        bought = sum(max(-book.positions[a].get(m, 0), 0) for a in out)
        fall, rise = impact * sold * ONE / depth, impact * bought * ONE / depth
        sell.append(max(0, (price - fall).__floor__()))
        buy.append(min(ONE, (price + rise).__ceil__()))
    return sell, buy


def equity_and_need(book, account, sell, buy):
    equity, at_risk = book.cash[account], 0
    for m, qty in book.positions[account].items():
        equity += qty * (sell[m] if qty > 0 else buy[m])
        at_risk += qty * sell[m] if qty > 0 else -qty * (ONE - buy[m])
    return equity, F(book.maintenance[account], PARTS) * at_risk


def below(book, prices):
    """Accounts that do not have their maintenance margin at these prices."""
    return {
        a
        for a in range(len(book.cash))
        for equity, need in [equity_and_need(book, a, *prices)]
        if equity < need
    }


def plain_cascade(book):
    out, rounds = set(), []
    while new := below(book, plain_prices(book, out)) - out:
        out |= new
        rounds.append(new)
    return out, rounds


class Book:
    def __init__(self, price, depth, impact, cash, maintenance, positions):
        self.price, self.depth, self.impact = price, depth, impact
        self.cash, self.maintenance, self.positions = cash, maintenance, positions

    def run(self, **changed):
        fields = {**vars(self), **changed}
        return run(fields["price"], fields["depth"], fields["cash"], fields["maintenance"],
                   fields["positions"], fields["impact"])  # fmt: skip


@st.composite
def books(draw, most=5):
    """Accounts near their margin: equity is drawn about what is required."""
    markets, count = draw(st.integers(1, 3)), draw(st.integers(1, most))
    price = [draw(st.integers(0, 10).map(lambda x: 1000 * x)) for _ in range(markets)]
    depth = [draw(st.integers(20, 400)) for _ in range(markets)]
    impact = [draw(st.sampled_from([F(1), F(1, 3), F(0), F(2)])) for _ in range(markets)]
    qty = st.integers(-60, 60)
    positions = [
        draw(st.dictionaries(st.integers(0, markets - 1), qty, max_size=markets))
        for _ in range(count)
    ]
    book = Book(price, depth, impact, [0] * count, [0] * count, positions)
    book.maintenance = [draw(st.integers(0, PARTS)) for _ in range(count)]
    for account in range(count):
        equity, need = equity_and_need(book, account, price, price)
        slack = draw(st.integers(-5, 40)) * ONE // 4
        book.cash[account] = int(need) - equity + slack
    return book


@given(books())
def test_it_equals_the_plain_version(book):
    out, rounds = plain_cascade(book)
    found = book.run()
    assert set(np.flatnonzero(found.round_of).tolist()) == out
    for number, new in enumerate(rounds, start=1):
        assert set(np.flatnonzero(found.round_of == number).tolist()) == new
    assert found.rounds == len(rounds) <= len(book.cash)
    sell, buy = plain_prices(book, out)
    assert (found.sell.tolist(), found.buy.tolist()) == (sell, buy)
    path = {m: price for move in found.path for m, price in zip(move.market, move.sell,
                                                                strict=True)}  # fmt: skip
    assert all(sell[m] == price for m, price in path.items())
    for a in range(len(book.cash)):
        equity, _ = equity_and_need(book, a, sell, buy)
        before, _ = equity_and_need(book, a, book.price, book.price)
        assert found.deficit[a] == (max(0, -equity) if a in out else 0)
        assert found.loss[a] == (before - equity if a in out else 0)


@pytest.mark.parametrize("seed", range(3))
def test_many_accounts_equal_the_plain_version(seed):
    random = np.random.default_rng(seed)
    markets, count = 12, 400
    price = random.integers(1000, 9000, markets).tolist()
    positions = [
        {int(m): int(q) for m, q in zip(random.choice(markets, 3, replace=False),
                                        random.integers(-50, 90, 3), strict=True)}
        for _ in range(count)
    ]  # fmt: skip
    depth = random.integers(20_000, 60_000, markets).tolist()
    book = Book(price, depth, [F(1)] * markets, [0] * count, [20] * count, positions)
    for account in range(count):
        equity, need = equity_and_need(book, account, price, price)
        book.cash[account] = int(need) - equity + int(random.integers(-2, 60)) * 1000
    out, rounds = plain_cascade(book)
    assert len(rounds) >= 5 and len(out) >= 20  # a cascade worth the name
    found = book.run()
    assert found.rounds == len(rounds)
    for number, new in enumerate(rounds, start=1):
        assert set(np.flatnonzero(found.round_of == number).tolist()) == new
    assert (found.sell.tolist(), found.buy.tolist()) == plain_prices(book, out)


@given(books(most=4))
def test_it_is_the_greatest_fixed_point(book):
    """Of all sets that liquidate exactly themselves, the least; its prices are the best."""
    fixed = []
    for size in range(len(book.cash) + 1):
        for out in map(set, combinations(range(len(book.cash)), size)):
            if below(book, plain_prices(book, out)) == out:
                fixed.append(out)
    found = set(np.flatnonzero(book.run().round_of).tolist())
    assert found in fixed
    assert all(found <= other for other in fixed)


@given(books(), st.data())
def test_what_helps_never_liquidates_more(book, data):
    """More depth, less impact or more cash: a subset, at prices no worse, deficits no larger."""
    found = book.run()
    out = found.round_of > 0
    more = st.integers(0, 200)
    deeper = [depth + data.draw(more) for depth in book.depth]
    softer = [impact * data.draw(st.sampled_from([F(1), F(1, 2), F(0)])) for impact in book.impact]
    richer = [cash + data.draw(more) * 1000 for cash in book.cash]
    for changed in ({"depth": deeper}, {"impact": softer}, {"cash": richer}):
        better = book.run(**changed)
        assert not (better.round_of > 0)[~out].any()
        assert (better.sell >= found.sell).all() and (better.buy <= found.buy).all()
        assert (better.deficit <= found.deficit).all()


@given(books())
def test_who_paid_in_full_is_never_liquidated(book):
    """All of the worst case required, and cash for what shorts can have to pay."""
    needed = [sum(max(-q, 0) for q in held.values()) * ONE for held in book.positions]
    cash = [needed[0], *book.cash[1:]]
    assert book.run(cash=cash, maintenance=[PARTS, *book.maintenance[1:]]).round_of[0] == 0


@given(books(), st.randoms(use_true_random=False))
def test_order_of_rows_does_not_matter(book, random):
    rows = [(a, m, q) for a, held in enumerate(book.positions) for m, q in held.items()]
    random.shuffle(rows)
    account, market, qty = np.array(rows, dtype=np.int64).reshape(-1, 3).T
    markets = Markets(np.array(book.price), np.array(book.depth), book.impact, ONE)
    accounts = Accounts(np.array(book.cash), np.array(book.maintenance), PARTS)
    shuffled, found = cascade(markets, accounts, Holdings(account, market, qty)), book.run()
    assert shuffled.round_of.tolist() == found.round_of.tolist()
    assert shuffled.deficit.tolist() == found.deficit.tolist()
    assert shuffled.sell.tolist() == found.sell.tolist()


@given(books())
def test_large_numbers_are_exact_too(book):
    """Beyond int64 Python's integers take over: money times a factor is money times a factor."""
    factor = 10**20
    found = book.run()
    large = run([p * factor for p in book.price], book.depth, [c * factor for c in book.cash],
                book.maintenance, book.positions, book.impact, one=ONE * factor)  # fmt: skip
    assert large.sell.dtype == object
    # Prices differ by the rounding of the coarser unit, less than one of it.
    if large.round_of.tolist() == found.round_of.tolist():
        for fine, coarse in zip(large.sell.tolist(), found.sell.tolist(), strict=True):
            assert 0 <= fine - coarse * factor < factor


@pytest.mark.parametrize("exponent", [0, 13, 40, 320])
def test_one_unit_decides_at_any_size(exponent):
    """Far below what a float can tell apart, and beyond the largest float: equity as large as
    the margin stays, a unit less is out."""
    # Long 3 at 0.5000, 0.20 of the worst case: 3 x 5000 x 20 / 100 = 3000; short 3 at the other.
    factor = 10**exponent
    one = ONE * factor
    need, worth = 3000 * factor, 15_000 * factor
    found = run([5000 * factor] * 4, [10**9] * 4,
                [need - worth, need - worth - 1, need + worth, need + worth - 1],
                [20] * 4, [{0: 3}, {1: 3}, {2: -3}, {3: -3}], one=one)  # fmt: skip
    assert found.round_of.tolist() == [0, 1, 0, 1]


def netted(price, depth, cash, ratio, positions):
    """The rule that is not used: one price, forced purchases offset forced sales."""
    out = set()
    while True:
        prices = [
            min(max(p - F(sum(positions[a].get(m, 0) for a in out), depth[m]), F(0)), F(1))
            for m, p in enumerate(price)
        ]
        new = set()
        for a, held in enumerate(positions):
            equity = cash[a] + sum(q * prices[m] for m, q in held.items())
            risk = sum(q * prices[m] if q > 0 else -q * (1 - prices[m]) for m, q in held.items())
            if a not in out and equity < ratio * risk:
                new.add(a)
        if not new:
            return out
        out |= new


def test_with_netting_more_depth_liquidates_more():
    """The counterexample of docs/default-management.md: the reason for two prices."""
    # X: short 20 at 0.4, long 10 at 0.3, cash 11: equity 6, worst case 15, half of it 7.5: out.
    # It buys 20 of 100: 0.6; it sells 10 of 100: 0.2, of 200: 0.25.
    # Y: short 10 of each, cash 14. At 0.6 and 0.2: 14 - 8 = 6 >= half of 4 + 8. At 0.6 and 0.25:
    # 14 - 8.5 = 5.5 < half of 4 + 7.5 = 5.75.
    price, cash = [F(4, 10), F(3, 10)], [11, 14]
    positions = [{0: -20, 1: 10}, {0: -10, 1: -10}]
    assert netted(price, [100, 100], cash, F(1, 2), positions) == {0}
    assert netted(price, [100, 200], cash, F(1, 2), positions) == {0, 1}
    # With two prices Y is out in both: X's sale does not lower what Y has to buy.
    for depth in ([100, 100], [100, 200]):
        found = run([4000, 3000], depth, [110_000, 140_000], [50, 50], positions)
        assert found.round_of.tolist() == [1, 2]


@settings(max_examples=20)
@given(st.lists(st.tuples(st.integers(1, 60), st.integers(0, 20)), min_size=1, max_size=8))
def test_with_longs_alone_it_is_the_formula(accounts):
    """p <- clip(p - lambda x sum of sells(p) / depth, [0, 1]), iterated from the start."""
    price, depth, start = F(1, 2), 150, F(1, 2)
    cash = [F(-qty, 2) + F(slack, 4) for qty, slack in accounts]
    while True:
        sells = sum(
            qty for (qty, _), c in zip(accounts, cash, strict=True) if c + qty * price < 0
            or c + qty * start < 0
        )  # fmt: skip
        after = min(max(start - F(sells, depth), F(0)), F(1))
        if after == price:
            break
        price = after
    one = 3 * 10**6  # 150 divides it: no rounding
    found = run([one // 2], [depth], [int(c * one) for c in cash], [0] * len(cash),
                [{0: qty} for qty, _ in accounts], one=one)  # fmt: skip
    assert F(int(found.sell[0]), one) == price


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"price": [ONE + 1]}, "markets[0].price"),
        ({"price": [-1]}, "markets[0].price"),
        ({"depth": [0]}, "markets[0].depth"),
        ({"impact": [F(-1)]}, "markets[0].impact"),
        ({"maintenance": [PARTS + 1]}, "accounts[0].maintenance"),
        ({"maintenance": [-1]}, "accounts[0].maintenance"),
    ],
)
def test_a_faulty_input_is_named(changed, field):
    book = Book([5000], [10], [F(1)], [0], [0], [{0: 1}])
    with pytest.raises(ModelError) as caught:
        book.run(**changed)
    assert caught.value.field == field


def test_an_account_has_one_row_in_a_market():
    twice = Holdings(np.array([0, 0]), np.array([0, 0]), np.array([1, -1]))
    with pytest.raises(ModelError, match="named twice"):
        cascade(Markets(np.array([1]), np.array([1]), [F(1)], ONE),
                Accounts(np.array([0]), np.array([0]), PARTS), twice)  # fmt: skip
