"""What must hold for every book: conservation, full collateral, monotone cover, one kernel."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.model.errors import ModelError
from reporting.model.stress.library import scenario_library
from reporting.model.stress.losses import AccountLosses, account_losses, scenario_prices
from reporting.model.stress.results import group_losses, group_losses_by_scenario, group_losses_from
from reporting.model.stress.shortfalls import group_shortfalls
from reporting.model.stress.stress_book import Accounts, PastMoves, PositionsByContract

from ..stress_books import (
    all_records,
    event,
    liquidity,
    random_books,
    stress_book,
    stressed,
    table_of,
)

pytestmark = pytest.mark.slow

PAST = (PastMoves("2026-05-01", "Weather", 0.7), PastMoves("2026-05-02", "", 2.0))
LIBRARY = all_records()


def with_surroundings(book, seed=0):
    """The book with liquidity, collateral and a past."""
    random = np.random.default_rng(seed)
    accounts, contracts = len(book.accounts.group), len(book.positions.start) - 1
    return replace(
        book,
        liquidity=liquidity(contracts, volume=random.choice([0.0, 40.0])),
        collateral={
            name: random.integers(0, 100_000, accounts) for name in ("cash", "crypto", "treasury")
        },
        past_moves=PAST,
    )


@given(random_books())
def test_a_fully_collateralised_book_has_no_shortfall(book):
    full = replace(
        book.accounts,
        margined=np.zeros(len(book.accounts.group), dtype=bool),
        margin=book.accounts.worst_case,
    )
    book = with_surroundings(replace(book, accounts=full))
    for scenario in scenario_library(LIBRARY, book):
        assert not group_losses(book, scenario).shortfall.any(), scenario.scenario_id


@given(random_books())
def test_a_margined_book_with_margin_of_its_worst_case_has_none_when_prices_move(book):
    """All margined, so that gaps and missed cycles reach it; margin is paid in."""
    everyone = np.ones(len(book.accounts.group), dtype=bool)
    book = with_surroundings(
        replace(
            book,
            accounts=replace(book.accounts, margined=everyone, margin=book.accounts.worst_case),
        )
    )
    for scenario in scenario_library(LIBRARY, book):
        paid_in = not (scenario.collateral_falls_bps or scenario.calls_unmet)
        if scenario.close_out is None and paid_in:
            assert not group_losses(book, scenario).shortfall.any(), scenario.scenario_id


@given(random_books())
def test_losses_are_those_of_a_plain_loop(book):
    book = with_surroundings(book)
    table, marks = table_of(book).tolist(), book.market.marks.tolist()
    for scenario in scenario_library(LIBRARY, book):
        if scenario.close_out is not None:
            continue
        prices = dict(enumerate(marks))
        moved = scenario_prices(scenario, book.market)
        prices.update(zip(moved.contract.tolist(), moved.price.tolist(), strict=True))
        expected = [sum(qty * (marks[c] - prices[c]) for c, qty in enumerate(row)) for row in table]
        assert account_losses(scenario, book).loss.tolist() == expected


@given(random_books())
def test_one_pass_over_the_accounts_is_the_rule_of_shortfalls(book):
    book = with_surroundings(book)
    accounts = book.accounts
    for scenario in scenario_library(LIBRARY, book):
        found = account_losses(scenario, book)
        expected = group_shortfalls(
            found.loss, accounts.margin, accounts.group, accounts.is_house, book.own_fund,
            found.margin_lost, accounts.margined,
        )  # fmt: skip
        passed = group_losses_from(book, found)
        for name in vars(expected):
            assert getattr(passed, name).tolist() == getattr(expected, name).tolist(), name


def test_margin_without_collateral_takes_up_no_loss():
    """A customer loses 80 against 100 of which 40 are lost: 20 short."""
    binary = stressed(event("B", "binary", 1), [5000])
    book = stress_book([binary], [[1]], margin=[100])
    found = group_losses_from(book, AccountLosses(np.array([80]), np.array([40])))
    assert found.shortfall.tolist() == [20]


@given(random_books())
def test_what_one_loses_by_prices_another_gains(book):
    """With a last account that holds the other side of everything."""
    table = table_of(book)
    closed = np.vstack([table, -table.sum(axis=0)])
    book = with_surroundings(stress_book(book.market.events, closed))
    for scenario in scenario_library(LIBRARY, book):
        if scenario.close_out is None:
            assert account_losses(scenario, book).loss.sum() == 0


@given(random_books(), st.randoms(use_true_random=False))
def test_neither_the_order_of_rows_nor_threads_change_anything(book, random):
    book = with_surroundings(book)
    rows = list(range(len(book.positions.qty)))
    random.shuffle(rows)
    shuffled = replace(
        book,
        positions=PositionsByContract.of(
            book.positions.account[rows],
            book.positions.contract[rows],
            book.positions.qty[rows],
            len(book.positions.start) - 1,
        ),
    )
    scenarios = scenario_library(LIBRARY, book)
    again = scenario_library(LIBRARY, shuffled)
    assert [s.scenario_id for s in scenarios] == [s.scenario_id for s in again]
    one, two = (
        group_losses_by_scenario(book, scenarios),
        group_losses_by_scenario(shuffled, again, threads=2),
    )
    for a, b in zip(one, two, strict=True):
        assert all((getattr(a, n) == getattr(b, n)).all() for n in vars(a))


@given(random_books(), st.data())
def test_without_a_customer_no_shortfall_is_larger(book, data):
    """Of the house this does not hold: its accounts net, and its gains cover customers."""
    book = with_surroundings(book)
    customers = np.flatnonzero(~book.accounts.is_house)
    if not len(customers):
        return
    gone = data.draw(st.sampled_from(customers.tolist()))
    for scenario in scenario_library(LIBRARY, book):
        found = account_losses(scenario, book)
        before = group_losses_from(book, found).shortfall
        kept = np.delete(np.arange(len(book.accounts.group)), gone)
        less = replace(
            book,
            positions=PositionsByContract.of([], [], [], len(book.positions.start) - 1),
            accounts=Accounts(**{n: v[kept] for n, v in vars(book.accounts).items()}),
            collateral={},
        )
        rest = replace(found, loss=found.loss[kept], margin_lost=found.margin_lost[kept])
        assert (group_losses_from(less, rest).shortfall <= before).all()


@given(random_books(), st.sampled_from(("cash", "crypto", "treasury")), st.integers(0, 10**6))
def test_more_collateral_never_worsens_a_shortfall(book, asset, more):
    book = with_surroundings(book)
    richer = dict(book.collateral)
    richer[asset] = richer[asset] + np.where(np.arange(len(richer[asset])) == 0, more, 0)
    added = replace(book, collateral=richer)
    for scenario in scenario_library(LIBRARY, book):
        before, after = group_losses(book, scenario), group_losses(added, scenario)
        assert (after.shortfall <= before.shortfall).all()


def test_positions_that_may_leave_int64_are_refused():
    binary = stressed(event("B", "binary", 1), [5000])
    book = stress_book([binary], [[2**48]] * 8)
    surprise = scenario_library(LIBRARY[:1], book)[0]
    with pytest.raises(ModelError, match="qty"):
        account_losses(surprise, book)


def test_a_book_that_does_not_fit_is_refused():
    binary = stressed(event("B", "binary", 1), [5000])
    with pytest.raises(ModelError, match="group"):
        stress_book([binary], [[1]], group=[1], fund=[0])
    with pytest.raises(ModelError, match="collateral"):
        stress_book([binary], [[1]], collateral={"cash": np.array([-1])})
    with pytest.raises(ModelError, match="contract"):
        PositionsByContract.of([0], [1], [1], 1)
