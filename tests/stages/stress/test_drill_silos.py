"""The daily drill's rows: who pays for whom, whatever the layers, their order and the books.

At random through ``drill_of``, against a plain waterfall of its own; no customer asset ever
meets a loss of the house or of another customer (17 CFR 39.16).
"""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from support.waterfalls import LAYERS, layer

from reporting.model.stress.events import Scenario
from reporting.stages.stress.drill import Defaulter, drill_of
from reporting.stages.stress.drill_tables import allocation_rows, drill_rows, layer_rows
from reporting.stages.stress.resources import Resources

GROUP_OF = {"A1": "A", "A2": "A", "B": "B", "C": "C"}
SCENARIO = Scenario("S", "T", "words")
OWN = ("house margin", "house gain for customers", "customer margin")


def drilled(books, layers, deposits):
    """Rows of the four tables. books: (member, is house, loss, margin) in micros, one of the two
    that each account has; the other is empty."""
    accounts = [f"{member}-{n}" for n, (member, *_) in enumerate(books)]
    none = np.zeros(0, dtype=np.int64)
    book = SimpleNamespace(
        account_ids=accounts,
        account_index={name: n for n, name in enumerate(accounts)},
        member_ids=[member for member, *_ in books],
        positions=SimpleNamespace(account=none, event=none, leg=none, qty=none),
        market=SimpleNamespace(first_contract=np.zeros(1, dtype=np.int64), terms=[], marks=[]),
    )
    losses, margin = np.zeros((2, 2 * len(books)), dtype=np.int64)
    losses[::2], margin[::2] = ([row[place] for row in books] for place in (2, 3))
    in_group = np.repeat([GROUP_OF[row[0]] == "A" for row in books], 2)
    is_house = np.repeat([row[1] for row in books], 2)
    defaulter = Defaulter("A", SCENARIO, losses, margin, in_group, is_house, accounts)
    drill = drill_of(defaulter, Resources(layers, deposits, GROUP_OF), book)
    (row,) = drill_rows(drill).to_pylist()
    return row, layer_rows(drill).to_pylist(), allocation_rows(drill).to_pylist()


def test_silos_by_hand():
    """House: 70 lost in one book, 20 gained in another: 50 against margin 30 + 15 = 45, 5 short.
    Customers: 40 against 25, 15 short; 10 against 100; one gains 500. 20 are open: fund of A
    4, own capital 3, the others' fund 6, half of it assessed 3; 4 cut of B's gain of 7.
    """
    dollars = 1_000_000
    books = [
        ("A1", True, 70 * dollars, 30 * dollars),
        ("A2", True, -20 * dollars, 15 * dollars),
        ("A1", False, 40 * dollars, 25 * dollars),
        ("A2", False, 10 * dollars, 100 * dollars),
        ("A1", False, -500 * dollars, 60 * dollars),
        ("B", True, -7 * dollars, 0),
        ("C", True, 9 * dollars, 0),
    ]
    layers = [replace(x, amount=30_000) if x.kind == "own_capital" else x for x in LAYERS]
    deposits = {"A1": 40_000, "A2": 0, "B": 40_000, "C": 20_000}
    drill, rows, shares = drilled(books, layers, deposits)
    assert (drill["loss_centicents"], drill["unallocated_centicents"]) == (1_000_000, 0)
    assert {
        row["layer_type"]: (row["size_centicents"], row["used_centicents"]) for row in rows
    } == {
        # Of the customers' margin only that of the two who lose.
        "defaulter_margin": (450_000 + 250_000 + 1_000_000, 450_000 + 250_000 + 100_000),
        "defaulter_fund": (40_000, 40_000),
        "own_capital": (30_000, 30_000),
        "survivors_fund": (60_000, 60_000),
        "assessment": (30_000, 30_000),
        "gains_haircut": (70_000, 40_000),
    }
    own = {row["party"]: row["amount_centicents"] for row in shares if row["party"] in OWN}
    assert own == {"house margin": 450_000, "customer margin": 350_000}


def test_a_gain_of_the_house_covers_customers_and_its_margin_does_not():
    """The house gains 8 and has 90 of margin; a customer is short of 10."""
    books = [("A1", True, -8_000_000, 90_000_000), ("A1", False, 15_000_000, 5_000_000)]
    drill, _, shares = drilled(books, LAYERS[:1], {})
    assert {row["party"]: row["amount_centicents"] for row in shares} == {
        "house gain for customers": 80_000,
        "customer margin": 50_000,
    }
    assert drill["unallocated_centicents"] == 20_000


def test_margin_counts_though_the_feed_lists_no_layer_for_it():
    drill, rows, _ = drilled([("A1", False, 15_000_000, 5_000_000)], LAYERS[2:3], {})
    assert [(row["layer_type"], row["used_centicents"]) for row in rows] == [
        ("defaulter_margin", 50_000),
        ("own_capital", 300),
    ]
    assert drill["unallocated_centicents"] == 150_000 - 50_000 - 300
    drill, rows, _ = drilled([("A1", False, 15_000_000, 5_000_000)], [], {})
    assert drill["unallocated_centicents"] == 100_000


micros = st.integers(0, 30_000)


@st.composite
def cases(draw):
    books = [
        (
            draw(st.sampled_from(sorted(GROUP_OF))),
            draw(st.booleans()),
            draw(st.integers(-30_000, 30_000)),
            draw(micros),
        )
        for _ in range(draw(st.integers(1, 8)))
    ]
    kinds = draw(st.permutations([x.kind for x in LAYERS] + ["own_capital", "insurance"]))
    layers = [
        layer(order, kind, draw(st.integers(0, 200)), draw(st.integers(0, 20_000)))
        for order, kind in enumerate(kinds, start=1)
    ][: draw(st.integers(0, len(kinds)))]
    return books, layers, {member: draw(st.integers(0, 60)) for member in GROUP_OF}


def up(value):
    return -(-value // 100)


def plain(books, layers, deposits):
    """(own assets by party, used by layer type and order, unallocated), nothing shared."""
    mine = [row for row in books if GROUP_OF[row[0]] == "A"]
    house = up(sum(row[2] for row in mine if row[1]))
    margin = sum(row[3] for row in mine if row[1]) // 100
    customers = [(up(row[2]), row[3] // 100) for row in mine if not row[1] and row[2] > 0]
    paid_house = min(max(0, house), margin)
    paid_customers = sum(min(loss, has) for loss, has in customers)
    short = sum(max(0, loss - has) for loss, has in customers)
    gain = min(max(0, -house), short)
    rest = max(0, house) - paid_house + short - gain
    others = [member for member in GROUP_OF if GROUP_OF[member] != "A"]
    gains = {
        member: -sum(min(0, r[2]) for r in books if r[0] == member) // 100 for member in others
    }
    used = {}
    for each in layers:
        size = {
            "defaulter_fund": deposits["A1"] + deposits["A2"],
            "survivors_fund": deposits["B"] + deposits["C"],
            "assessment": sum(deposits[m] * each.cap_multiple_bps // 10_000 for m in others),
            "gains_haircut": sum(gains.values()),
            "own_capital": each.amount,
            "insurance": each.amount,
        }.get(each.kind)
        if size is not None:
            used[each.order] = min(size, rest)
            rest -= used[each.order]
    return dict(zip(OWN, (paid_house, gain, paid_customers), strict=True)), used, rest


@given(cases())
def test_every_layer_takes_what_a_plain_waterfall_gives_it(case):
    drill, rows, shares = drilled(*case)
    own, used, rest = plain(*case)
    assert drill["unallocated_centicents"] == rest
    assert drill["loss_centicents"] == sum(own.values()) + sum(used.values()) + rest
    margin, *others = rows
    assert (margin["layer_type"], margin["used_centicents"]) == (
        "defaulter_margin", sum(own.values()),
    )  # fmt: skip
    assert {row["layer_order"]: row["used_centicents"] for row in others} == used
    found = {row["party"]: row["amount_centicents"] for row in shares if row["party"] in OWN}
    assert found == {party: amount for party, amount in own.items() if amount}
    for row in rows:
        assert 0 <= row["used_centicents"] <= row["size_centicents"]
        assert row["size_centicents"] - row["used_centicents"] == row["remaining_centicents"]
        mine = [x for x in shares if x["layer_id"] == row["layer_id"]]
        assert sum(x["amount_centicents"] for x in mine) == row["used_centicents"]
        # Members of the group pay from their contribution and nothing else.
        members = {x["party"] for x in mine} & GROUP_OF.keys()
        defaulted = {member for member in members if GROUP_OF[member] == "A"}
        assert row["layer_type"] == "defaulter_fund" or not defaulted
        assert row["layer_type"] != "defaulter_fund" or members == defaulted


@given(cases(), st.data())
def test_what_a_customer_has_beyond_its_own_loss_changes_nothing(case, data):
    """More margin than it loses, a larger gain, or one more customer who gains: whatever the
    house and the others lose, they pay it as before."""
    books, layers, deposits = case
    before = drilled(*case)
    richer = [
        (member, house, loss - gain if loss <= 0 else loss, margin + more)
        if not house and GROUP_OF[member] == "A" and margin // 100 >= up(loss)
        else (member, house, loss, margin)
        for (member, house, loss, margin), gain, more in zip(
            books,
            data.draw(st.lists(micros, min_size=len(books), max_size=len(books))),
            data.draw(st.lists(micros, min_size=len(books), max_size=len(books))),
            strict=True,
        )
    ]
    richer.append(("A1", False, -data.draw(micros), data.draw(micros)))
    after = drilled(richer, layers, deposits)
    assert after[0] == before[0]
    assert after[1][1:] == before[1][1:]
    assert after[2] == before[2]
