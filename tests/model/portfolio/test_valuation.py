"""The recipe from positions to margins: what may change a margin, and what must not."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from support.random_market import SCHEDULE, cases

from reporting.model.portfolio.portfolio import Netting
from reporting.model.portfolio.scenario_set import Draws
from reporting.model.portfolio.valuation import Valuation, value

pytestmark = pytest.mark.slow

some = settings(max_examples=30, deadline=None)
DOUBLED = replace(SCHEDULE, rho_bps={"default": 9_000}, jump_rate_bps_per_day={"default": 600})


def valuation_of(case, schedule=SCHEDULE, draws=None, **options) -> Valuation:
    draws = draws or Draws()
    return value(case.positions, case.market, case.accounts, schedule, draws, **options)


def assert_same(first: Valuation, second: Valuation) -> None:
    for name in ("worst_case", "core", "initial"):
        amounts = getattr(first.margins, name), getattr(second.margins, name)
        assert np.array_equal(*amounts), name


@some
@given(cases())
def test_prices_of_events_that_nobody_holds_change_no_margin(case):
    every, held = valuation_of(case), valuation_of(case, held_only=True)
    assert_same(every, held)
    priced = {event.event for event in held.scenarios.events}
    assert priced == set(case.positions.event.tolist())


@some
@given(cases())
def test_another_schedule_gives_what_valuing_anew_gives(case):
    """What a portfolio keeps from one schedule to the next is never wrong for the next."""
    draws = Draws()
    first = valuation_of(case, draws=draws, held_only=True)
    before = first.margins.initial.copy()
    assert_same(first.under(DOUBLED), valuation_of(case, DOUBLED))
    assert_same(first.under(SCHEDULE), valuation_of(case))
    assert (first.margins.initial == before).all()


@some
@given(cases())
def test_a_changed_parameter_and_changed_pools_reach_the_prices(case):
    valuation = valuation_of(case)
    still = valuation.under(SCHEDULE, change=_without_news)
    assert all(event.parameters.information == 0 for event in still.scenarios.events)
    pools = valuation.under(SCHEDULE, pools=case.market.pools)
    assert_same(valuation, pools)
    without = valuation.under(SCHEDULE, pools={})
    assert all(event.parameters.pool.observations == 0 for event in without.scenarios.events)


def _without_news(parameters):
    return replace(parameters, information=0.0)


@some
@given(cases())
def test_netting_lowers_the_worst_case(case):
    gross = valuation_of(case, netting=Netting.NONE)
    within = valuation_of(case, netting=Netting.WITHIN_EVENTS)
    assert gross.portfolio.credits is None and within.portfolio.credits is None
    assert (within.portfolio.worst_cases.worst_case <= gross.portfolio.worst_cases.worst_case).all()
    # There is no combination among these events: both nettings agree.
    assert_same(within, valuation_of(case))
