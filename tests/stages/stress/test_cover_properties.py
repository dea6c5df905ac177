"""What must hold of cover, through what the stage runs: library, losses, resources, rows.

Random books with everything that the product's scenarios use: collateral, thin markets, a past,
and an event that was paid (S4). Scenarios of a changed book are those of the book before.
"""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from model.stress_books import all_records, liquidity, random_books, record

from reporting.model.stress.library import scenario_library
from reporting.model.stress.results import group_losses_by_scenario
from reporting.model.stress.stress_book import Accounts, PaidEvent, PastMoves, PositionsByContract
from reporting.stages.stress.cover import cover_rows
from reporting.stages.stress.resources import ResourceLayer, Resources

pytestmark = pytest.mark.slow

LIBRARY = all_records()
# Nothing of a payout that is revoked has been withdrawn.
KEPT = tuple(
    record("reversal", "S4", events=20, withdrawn_bps=0) if each.record_id == "S4" else each
    for each in LIBRARY
)
FAMILIES = {each.record_id for each in LIBRARY}


def layer(order, kind, amount=0, cap=0, prefunded=True):
    return ResourceLayer(order, f"{kind}-{order}", kind, amount, cap, prefunded, kind)


@st.composite
def books(draw):
    """A book of margined and fully collateralised accounts with what surrounds it."""
    book = draw(random_books())
    accounts, contracts = len(book.accounts.group), len(book.positions.start) - 1
    worth = st.lists(st.integers(0, 100_000), min_size=accounts, max_size=accounts)
    qty = st.lists(st.integers(-50, 50), min_size=2 * accounts, max_size=2 * accounts)
    event = PaidEvent(
        "PAID",
        "Weather",
        ("first", "second", "neither"),
        np.array([[10_000, 0, 0], [0, 10_000, 0]]),
        np.array(draw(st.sampled_from(((10_000, 0), (0, 10_000), (0, 0))))),
        np.arange(accounts),
        np.array(draw(qty)).reshape(accounts, 2),
    )
    return replace(
        book,
        liquidity=liquidity(contracts, volume=draw(st.sampled_from((0.0, 40.0)))),
        collateral={name: np.array(draw(worth)) for name in ("cash", "crypto", "treasury")},
        past_moves=(PastMoves("2026-05-01", "Weather", 0.7), PastMoves("2026-05-02", "", 2.0)),
        paid=(event,),
    )


@st.composite
def resources_of(draw, book):
    """Layers in any order; each group's contribution is its member's deposit, centicents."""
    made = [
        layer(1, "own_capital", draw(st.integers(0, 3_000))),
        layer(2, "survivors_fund"),
        layer(3, "insurance", draw(st.integers(0, 1_000)), prefunded=draw(st.booleans())),
        layer(4, "assessment", cap=draw(st.integers(0, 20_000)), prefunded=False),
        layer(5, "facility", 10**9, prefunded=draw(st.booleans())),
    ]
    deposits = {f"M{g}": int(amount) // 100 for g, amount in enumerate(book.own_fund)}
    group_of = {f"M{g}": name for g, name in enumerate(book.groups)}
    return Resources(draw(st.permutations(made)), deposits, group_of)


def with_whole_contributions(book):
    """Contributions are whole centicents, as the feed has them."""
    return replace(book, own_fund=book.own_fund // 100 * 100)


def covers(book, scenarios, resources):
    return cover_rows(
        scenarios, group_losses_by_scenario(book, scenarios, threads=2), book.groups, resources
    ).to_pylist()


def exhausting(row):
    return len(row["exhausted_by"].split(", ")) if row["exhausted_by"] else 99


@settings(max_examples=40)
@given(books(), st.data())
def test_a_fully_collateralised_book_needs_nothing(book, data):
    """In every scenario: S9 and S8 too, and S4 as long as nothing was withdrawn."""
    full = np.zeros(len(book.accounts.group), dtype=bool)
    accounts = replace(book.accounts, margined=full, margin=book.accounts.worst_case)
    book = with_whole_contributions(replace(book, accounts=accounts))
    scenarios = scenario_library(KEPT, book)
    assert {s.family for s in scenarios} and any(s.reversal for s in scenarios)
    assert any(s.collateral_falls_bps and s.outcomes for s in scenarios)
    for row in covers(book, scenarios, data.draw(resources_of(book))):
        assert (row["cover_1_centicents"], row["cover_2_centicents"]) == (0, 0), row
        assert row["cover_1_covered"] and row["covered"] and not row["exhausted_by"]


@settings(max_examples=40)
@given(books(), st.data())
def test_of_a_revoked_payout_no_more_is_missing_than_was_withdrawn(book, data):
    """Fully collateralised too: half of what was paid too much is gone, and rounded up."""
    full = np.zeros(len(book.accounts.group), dtype=bool)
    accounts = replace(book.accounts, margined=full, margin=book.accounts.worst_case)
    book = with_whole_contributions(replace(book, accounts=accounts))
    (event,) = book.paid
    scenarios = [s for s in scenario_library(LIBRARY, book) if s.reversal]
    for scenario, row in zip(
        scenarios, covers(book, scenarios, data.draw(resources_of(book))), strict=True
    ):
        too_much = event.quantities @ (event.paid - np.array(scenario.reversal.payoffs))
        withdrawn = sum(-(-max(0, int(amount)) // 2) for amount in too_much)
        assert 100 * (row["cover_2_centicents"] - 2) <= withdrawn


def without(book, gone):
    """The book without what an account has: positions, margin, collateral, payouts."""
    held, accounts = book.positions, book.accounts
    kept = held.account != gone
    cleared = {
        name: np.where(np.arange(len(accounts.group)) == gone, 0, getattr(accounts, name))
        for name in ("margin", "worst_case")
    }
    return replace(
        book,
        positions=PositionsByContract.of(
            held.account[kept], held.contract[kept], held.qty[kept], len(held.start) - 1
        ),
        accounts=Accounts(
            accounts.group, accounts.is_house, accounts.margined, cleared["margin"],
            cleared["worst_case"],
        ),
        collateral={
            name: np.where(np.arange(len(value)) == gone, 0, value)
            for name, value in book.collateral.items()
        },
        paid=tuple(
            replace(
                event,
                account=event.account[event.account != gone],
                quantities=event.quantities[event.account != gone],
            )
            for event in book.paid
        ),
    )  # fmt: skip


@settings(max_examples=40)
@given(books(), st.data())
def test_without_a_customer_and_with_more_collateral_cover_is_no_worse(book, data):
    """Of the house the first does not hold: its accounts net, and its gains cover customers."""
    book = with_whole_contributions(book)
    resources = data.draw(resources_of(book))
    scenarios = scenario_library(LIBRARY, book)
    before = covers(book, scenarios, resources)
    asset = data.draw(st.sampled_from(sorted(book.collateral)))
    more = data.draw(st.integers(0, 10**6))
    better = [replace(book, collateral=book.collateral | {asset: book.collateral[asset] + more})]
    customers = np.flatnonzero(~book.accounts.is_house).tolist()
    if customers:
        better.append(without(book, data.draw(st.sampled_from(customers))))
    for other in better:
        for old, new in zip(before, covers(other, scenarios, resources), strict=True):
            assert new["cover_1_centicents"] <= old["cover_1_centicents"]
            assert new["cover_2_centicents"] <= old["cover_2_centicents"]
            assert exhausting(new) >= exhausting(old)


@settings(max_examples=40)
@given(books(), st.data())
def test_with_one_more_resource_cover_is_no_worse(book, data):
    book = with_whole_contributions(book)
    resources = data.draw(resources_of(book))
    scenarios = scenario_library(LIBRARY, book)
    before = covers(book, scenarios, resources)
    kind = data.draw(st.sampled_from(("own_capital", "insurance", "assessment", "facility")))
    added = layer(9, kind, data.draw(st.integers(0, 5_000)), data.draw(st.integers(0, 20_000)))
    place = data.draw(st.integers(0, len(resources.layers)))
    layers = [*resources.layers[:place], added, *resources.layers[place:]]
    richer = replace(resources, layers=layers)
    for old, new in zip(before, covers(book, scenarios, richer), strict=True):
        for test in ("", "cover_1_"):
            assert new[f"{test}covered"] or not old[f"{test}covered"]
            for name in ("prefunded", "callable", "assessments"):
                assert new[f"{test}{name}_centicents"] >= old[f"{test}{name}_centicents"]
        assert exhausting(new) >= exhausting(old)


@settings(max_examples=40)
@given(books(), st.data())
def test_with_a_larger_contribution_no_fewer_groups_exhaust_what_is_there(book, data):
    """The member's own shortfall falls first, then what the others are covered by rises."""
    book = with_whole_contributions(book)
    resources = data.draw(resources_of(book))
    scenarios = scenario_library(LIBRARY, book)
    before = covers(book, scenarios, resources)
    group, more = data.draw(st.integers(0, len(book.groups) - 1)), data.draw(st.integers(0, 5_000))
    fund = book.own_fund.copy()
    fund[group] += 100 * more
    member = f"M{group}"
    richer = replace(
        resources, deposits={**resources.deposits, member: resources.deposits[member] + more}
    )
    after = covers(replace(book, own_fund=fund), scenarios, richer)
    for old, new in zip(before, after, strict=True):
        assert new["cover_1_centicents"] <= old["cover_1_centicents"]
        assert new["cover_2_centicents"] <= old["cover_2_centicents"]
        assert exhausting(new) >= exhausting(old)


def test_the_library_of_these_tests_has_all_families():
    assert {*(f"S{n}" for n in range(1, 13)), "S2b", "R1"} == FAMILIES
