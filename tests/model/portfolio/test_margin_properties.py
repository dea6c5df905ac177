"""What must hold of the whole model (margin-model.md section 6), on random markets and books.

Not asserted, because false by construction: subadditivity of IM with add-ons, and
monotonicity of a portfolio's IM in volatility. What concerns the worst case alone is in
tests/model/margin/test_properties.py.
"""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.random_market import SCHEDULE, Case, cases, margin_of, with_positions

from reporting.model.portfolio import portfolio
from reporting.model.portfolio.market import Market
from reporting.model.portfolio.positions import Positions, combined
from reporting.model.portfolio.scenario_events import scenario_events
from reporting.model.portfolio.scenario_set import Draws, scenario_set

pytestmark = pytest.mark.slow

some = settings(max_examples=30)
NO_RAMP = replace(SCHEDULE, ramp_tau0_seconds=-(10**8), ramp_tau1_seconds=1 - 10**8)
NAMES = ("worst_case", "core", "initial")


def same(first, second) -> bool:
    """Bit for bit the same margins."""
    booked = all(
        getattr(first, name).tobytes() == getattr(second, name).tobytes() for name in NAMES
    )
    return booked and all(
        getattr(first.margined, name).tobytes() == getattr(second.margined, name).tobytes()
        for name in ("expected_shortfall", "value_at_risk", "jump_to_resolution", "add_ons")
    )


def scaled(case: Case, factor: int) -> Case:
    return with_positions(
        case, replace(case.positions, qty=factor * case.positions.qty), case.accounts
    )


@some
@given(cases())
def test_margin_lies_between_nothing_and_the_worst_case(case):
    found = margin_of(case)
    assert (found.initial >= 0).all()
    assert (found.initial <= found.worst_case).all()
    assert (found.margined.jump_to_resolution <= found.margined.initial).all()
    assert (found.margined.expected_shortfall >= found.margined.value_at_risk).all()


@some
@given(cases())
def test_an_empty_book_needs_nothing(case):
    found = margin_of(scaled(case, 0))
    assert not found.worst_case.any() and not found.core.any() and not found.initial.any()


@some
@given(cases(), st.integers(2, 50))
def test_core_is_homogeneous(case, factor):
    once, more = margin_of(case).margined, margin_of(scaled(case, factor)).margined
    events = len(case.market.events)
    # Each part of a core is rounded up to a whole micro.
    assert (np.abs(more.core - factor * once.core) <= factor * (events + 2)).all()
    assert (more.worst_case == factor * once.worst_case).all()


@some
@given(cases(fewest_accounts=2))
def test_core_of_two_books_together_is_not_above_the_sum(case):
    """Without wrong-way links, which tie one account only."""
    case = replace(case, market=replace(case.market, wrong_way=frozenset()))
    alone = margin_of(case).margined
    together = replace(case.positions, account=np.zeros_like(case.positions.account))
    found = margin_of(with_positions(case, combined(together), 1)).margined
    slack = 4 * len(case.market.events) + 4
    for name in ("core", "expected_shortfall"):
        amounts = getattr(alone, name)
        assert getattr(found, name)[0] <= amounts.sum() + slack
    assert found.worst_case[0] <= alone.worst_case.sum()


@some
@given(cases(), st.integers(2, 50))
def test_margin_over_worst_case_does_not_fall_with_size(case, factor):
    once, more = margin_of(case).margined, margin_of(scaled(case, factor)).margined
    slack = factor * (len(case.market.events) + 3)
    assert (more.initial >= factor * once.initial - slack).all()


@some
@given(cases(), st.randoms(use_true_random=False))
def test_order_of_rows_changes_no_bit(case, random):
    order = list(range(len(case.positions.qty)))
    random.shuffle(order)
    moved = Positions(
        *(
            getattr(case.positions, name)[order]
            for name in ("account", "event", "leg", "margined", "qty")
        )
    )
    assert same(margin_of(case), margin_of(with_positions(case, moved, case.accounts)))


@some
@given(cases(fewest_accounts=2))
def test_order_of_accounts_changes_no_bit(case):
    case = replace(case, market=replace(case.market, wrong_way=frozenset()))
    turned = replace(case.positions, account=case.accounts - 1 - case.positions.account)
    first, second = margin_of(case), margin_of(with_positions(case, turned, case.accounts))
    for name in NAMES:
        assert (getattr(first, name) == getattr(second, name)[::-1]).all()


@some
@given(cases())
def test_order_of_events_changes_no_margin(case):
    """Sums of floats run in the order of events: equal but for that, and so once booked."""
    first, second = margin_of(case), margin_of(reversed_events(case))
    assert (first.worst_case == second.worst_case).all()
    assert (np.abs(first.core - second.core) <= 1).all()


def reversed_events(case: Case) -> Case:
    market, last = case.market, len(case.market.events) - 1
    lists = {
        name: list(reversed(getattr(market, name)))
        for name in ("events", "terms", "marks", "priced", "settled", "categories", "series")
    }
    lists |= {
        name: list(reversed(getattr(market, name)))
        for name in ("resolution_dates", "may_close_early", "happens_by", "collateral_returns")
    }
    by_event = [
        np.arange(market.first_contract[e], market.first_contract[e + 1]) for e in range(last + 1)
    ]
    order = np.concatenate(by_event[::-1])
    turned = Market(
        **lists,
        tau_seconds=market.tau_seconds[::-1],
        wrong_way=frozenset((account, last - event) for account, event in market.wrong_way),
        daily_volume=market.daily_volume[order],
        open_interest=market.open_interest[order],
        pools=market.pools,
    )
    moved = replace(case.positions, event=last - case.positions.event)
    return Case(turned, moved, case.accounts)


@some
@given(cases(fewest_accounts=3))
def test_number_of_threads_changes_no_bit(case):
    found = []
    for threads in (1, 2, 5):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(portfolio.os, "sched_getaffinity", lambda _, n=threads: range(n))
            found.append(margin_of(case))
    assert same(found[0], found[1]) and same(found[0], found[2])


@some
@given(cases(), cases(structures=("binary", "ladder")))
def test_an_unrelated_event_changes_no_margin_by_a_centicent(case, other):
    """Added after the others, with positions of an account of its own."""
    before = margin_of(case, draws=Draws())
    market, further = case.market, other.market
    lists = {
        name: [*getattr(market, name), *getattr(further, name)]
        for name in ("marks", "priced", "settled", "categories", "series", "resolution_dates")
    }
    joined = Market(
        events=[*market.events, *(f"X-{event}" for event in further.events)],
        terms=[
            *market.terms,
            *(replace(terms, event_ticker=f"X-{terms.event_ticker}") for terms in further.terms),
        ],
        may_close_early=[*market.may_close_early, *further.may_close_early],
        happens_by=[*market.happens_by, *further.happens_by],
        collateral_returns=[*market.collateral_returns, *further.collateral_returns],
        tau_seconds=np.concatenate((market.tau_seconds, further.tau_seconds)),
        wrong_way=market.wrong_way,
        daily_volume=np.concatenate((market.daily_volume, further.daily_volume)),
        open_interest=np.concatenate((market.open_interest, further.open_interest)),
        pools=market.pools,
        **lists,
    )
    ours, theirs = case.positions, other.positions
    positions = Positions(
        np.concatenate((ours.account, theirs.account + case.accounts)),
        np.concatenate((ours.event, theirs.event + len(market.events))),
        np.concatenate((ours.leg, theirs.leg)),
        np.concatenate((ours.margined, theirs.margined)),
        np.concatenate((ours.qty, theirs.qty)),
    )
    after = margin_of(Case(joined, positions, case.accounts + other.accounts), draws=Draws())
    for name in NAMES:
        assert (getattr(after, name)[: case.accounts] == getattr(before, name)).all()


@some
@given(cases())
def test_removing_the_ramp_never_raises_margin(case):
    """Marks are those of probabilities here: no state's loss exceeds the worst case."""
    case = replace(case, market=replace(case.market, wrong_way=frozenset()))
    slack = len(case.market.events) + 1
    assert (margin_of(case, NO_RAMP).initial <= margin_of(case).initial + slack).all()


@some
@given(cases(structures=("exclusive_exhaustive",), voids=((),)), st.data())
def test_converting_no_into_cash_and_the_other_yes_changes_nothing(case, data):
    """A NO of each chosen leg against YES of the other legs: same W, same core."""
    market = case.market
    event = data.draw(st.integers(0, len(market.events) - 1))
    n = len(market.terms[event].legs)
    chosen = data.draw(st.integers(0, n - 1))
    before = margin_of(with_legs(case, event, [-700 if leg == chosen else 0 for leg in range(n)]))
    after = margin_of(with_legs(case, event, [0 if leg == chosen else 700 for leg in range(n)]))
    assert (before.worst_case == after.worst_case).all()
    assert (np.abs(before.core - after.core) <= 1).all()


def with_legs(case: Case, event: int, quantities: list[int]) -> Case:
    """The case with a margined position of account 0 added in each leg of an event."""
    legs, ours = np.arange(len(quantities)), case.positions
    ones = np.ones(len(quantities), dtype=np.int64)
    added = Positions(
        np.concatenate((ours.account, 0 * ones)),
        np.concatenate((ours.event, event * ones)),
        np.concatenate((ours.leg, legs)),
        np.concatenate((ours.margined, ones.astype(bool))),
        np.concatenate((ours.qty, np.array(quantities, dtype=np.int64))),
    )
    return with_positions(case, combined(added), case.accounts)


@some
@given(cases(structures=("exclusive_exhaustive",), voids=((),)), st.integers(1, 10**6))
def test_a_full_long_set_of_an_exhaustive_event_needs_nothing(case, quantity):
    case = with_positions(case, scaled(case, 0).positions, case.accounts)
    n = len(case.market.terms[0].legs)
    found = margin_of(with_legs(case, 0, [quantity] * n))
    assert found.worst_case[0] == 0
    assert found.initial[0] == 0


@some
@given(cases())
def test_scenario_prices_leave_no_arbitrage(case):
    """Each event's prices lie in the hull of its payoffs: no price is outside of them."""
    events = scenario_events(case.market, SCHEDULE)
    found = scenario_set(case.market, events, Draws().of(SCHEDULE))
    for event in events:
        if not event.in_time:
            continue
        rows = found.row[case.market.first_contract[event.event] + event.legs]
        for prices in (found.at_rho[rows], found.at_zero[rows]):
            assert (prices >= event.payoffs.min(axis=1)[:, None] - 1e-12).all()
            assert (prices <= event.payoffs.max(axis=1)[:, None] + 1e-12).all()
            if case.market.terms[event.event].structure == "exclusive_exhaustive":
                assert np.allclose(prices.sum(axis=0), 1.0, atol=1e-12)
