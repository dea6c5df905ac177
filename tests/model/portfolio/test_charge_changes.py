"""What one more position may do to a charge (margin-model.md section 6).

A lot of a combination, a split over accounts of an owner and a full set lower no other charge; a
contract of an ordered event costs no more the later it resolves; a NO is a YES sold.
"""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.random_market import DAY, Case, cases, margin_of, market_of, with_positions

from model.schedules import schedule
from reporting.model.events.terms import CombinationLeg, EventTerms
from reporting.model.portfolio.market import Market
from reporting.model.portfolio.positions import Positions
from reporting.model.portfolio.scenario_set import Draws
from reporting.model.portfolio.valuation import value

pytestmark = pytest.mark.slow

some = settings(max_examples=30)
CONTRACT = 100
DOLLAR = 10**6
"""Quantity of one contract, and micros of a dollar."""
KNOWN = ("binary", "exclusive", "exclusive_exhaustive", "ladder")
FAR = schedule(scenarios=5_000, jump_rate_bps_per_day={"default": 0}, rho_bps={"default": 0})
DRAWS = Draws()


def added(positions: Positions, rows) -> Positions:
    """The positions and further margined ones; rows: (account, event, leg, qty)."""
    account, event, leg, qty = np.array(rows, dtype=np.int64).T
    more = Positions(account, event, leg, np.ones(len(rows), dtype=bool), qty)
    names = ("account", "event", "leg", "margined", "qty")
    return Positions(
        *(np.concatenate((getattr(positions, name), getattr(more, name))) for name in names)
    )


def kept(case: Case, chosen: np.ndarray) -> Case:
    columns = vars(case.positions).values()
    return with_positions(case, Positions(*(column[chosen] for column in columns)), case.accounts)


def without_wrong_way(case: Case) -> Case:
    return replace(case, market=replace(case.market, wrong_way=frozenset()))


def with_combination(market: Market, legs) -> Market:
    """A market with one more event, a combination marked at the product of its legs; legs:
    (event, leg, side). It resolves with the last of them."""
    chosen, mark = [], 1.0
    for event, leg, side in legs:
        chosen.append(CombinationLeg(market.events[event], market.terms[event].legs[leg], side))
        price = market.marks[event][leg] / 10_000
        mark *= price if side == "yes" else 1 - price
    terms = EventTerms("C", "combination", "", ("C-0",), combination_legs=tuple(chosen))
    further = {
        "events": "C",
        "terms": terms,
        "marks": np.array([int(10_000 * mark)]),
        "priced": np.ones(1, dtype=bool),
        "settled": np.zeros(1, dtype=bool),
        "categories": "Sports",
        "series": "S9",
        "resolution_dates": "2026-06-01",
        "may_close_early": False,
        "happens_by": False,
        "collateral_returns": "",
    }
    lists = {name: [*getattr(market, name), one] for name, one in further.items()}
    last = max(market.tau_seconds[event] for event, _, _ in legs)
    return replace(
        market,
        **lists,
        tau_seconds=np.append(market.tau_seconds, last),
        daily_volume=np.append(market.daily_volume, 1e6),
        open_interest=np.append(market.open_interest, 10**10),
    )


@some
@given(cases(structures=("exclusive_exhaustive", "binary"), voids=((),)), st.integers(1, 10**6))
def test_a_full_set_gives_no_other_event_a_discount(case, quantity):
    case = without_wrong_way(case)
    exhaustive = [
        event
        for event, terms in enumerate(case.market.terms)
        if terms.structure == "exclusive_exhaustive"
    ]
    for event in exhaustive:
        others = kept(case, case.positions.event != event)
        legs = range(len(case.market.terms[event].legs))
        full_set = added(others.positions, [(0, event, leg, quantity) for leg in legs])
        before = margin_of(others).margined
        after = margin_of(with_positions(case, full_set, case.accounts)).margined
        assert (after.worst_case == before.worst_case).all()
        for name in ("core", "initial", "expected_shortfall", "jump_to_resolution"):
            # Full sets of which each part is rounded leave a micro.
            assert (getattr(after, name) >= getattr(before, name) - 1).all()


@some
@given(cases(structures=KNOWN, voids=((),)), st.data())
def test_one_lot_of_a_combination_lowers_no_charge_by_more_than_it_pays(case, data):
    case = without_wrong_way(case)
    events = range(len(case.market.terms))
    chosen = data.draw(st.lists(st.sampled_from(events), min_size=1, max_size=3, unique=True))
    legs = [
        (
            event,
            data.draw(st.integers(0, len(case.market.terms[event].legs) - 1)),
            data.draw(st.sampled_from(("yes", "no"))),
        )
        for event in chosen
    ]
    market = with_combination(case.market, legs)
    lot = data.draw(st.sampled_from((CONTRACT, -CONTRACT)))
    positions = added(case.positions, [(0, len(case.market.terms), 0, lot)])
    before = margin_of(replace(case, market=market)).margined
    after = margin_of(Case(market, positions, case.accounts)).margined
    for name in ("worst_case", "core", "jump_to_resolution", "initial"):
        assert (getattr(after, name) >= getattr(before, name) - DOLLAR - 10).all()


@some
@given(cases(structures=KNOWN), st.integers(2, 5))
def test_splitting_over_accounts_of_an_owner_lowers_no_core_and_no_add_on(case, parts):
    """Initial margin itself may fall: the add-on of a part beyond its own worst case is cut off."""
    case = kept(without_wrong_way(case), case.positions.account == 0)
    held = case.positions
    whole = replace(held, qty=parts * held.qty)
    split = Positions(
        account=np.tile(np.arange(parts), (len(held.qty), 1)).T.ravel(),
        **{name: np.tile(getattr(held, name), parts) for name in ("event", "leg", "margined")},
        qty=np.tile(held.qty, parts),
    )
    nobody = np.zeros(parts, dtype=np.int64)
    together = value(whole, case.market, 1, FAR, DRAWS).margins.margined
    apart = value(split, case.market, parts, FAR, DRAWS, owners=nobody).margins.margined
    assert apart.add_ons.sum() == pytest.approx(together.add_ons.sum(), abs=parts)
    assert apart.core.sum() >= together.core.sum()


def lone(terms, marks, leg, contracts, tau_days):
    """Margin over worst case of one position in one scheduled event, by days to resolution."""
    shares = []
    for days in tau_days:
        market = market_of(
            [terms], [marks], tau_seconds=np.array([int(days * DAY)]), daily_volume=np.full(4, 1e6)
        )
        one = np.zeros(1, dtype=np.int64)
        qty = np.array([CONTRACT * contracts])
        positions = Positions(one, one, one + leg, np.ones(1, dtype=bool), qty)
        margined = value(positions, market, 1, FAR, DRAWS).margins.margined
        shares.append(margined.initial[0] / margined.worst_case[0])
    return np.array(shares)


LADDER = EventTerms("E", "ladder", "", ("E-0", "E-1", "E-2", "E-3"))
TAUS = (0.5, 1, 2, 3, 5, 7, 8, 9, 10, 15, 30, 60, 90, 180, 365)


@pytest.mark.parametrize("contracts", [100, -100])
@pytest.mark.parametrize("leg", range(4))
def test_margin_of_an_ordered_contract_does_not_rise_with_tau(leg, contracts):
    """Within the sampling error of 5,000 scenarios."""
    shares = lone(LADDER, [9_000, 6_000, 3_000, 500], leg, contracts, TAUS)
    assert shares[0] == 1
    assert (np.diff(shares) <= 0.005).all()


@pytest.mark.parametrize("mark", [500, 2_000, 5_000, 9_000])
def test_a_no_costs_what_a_yes_sold_costs(mark):
    """The same loss in mirrored states, so the same margin but for the draws: sampling error."""
    binary = EventTerms("E", "binary", "", ("E-0",))
    sold = lone(binary, [mark], 0, -100, (10, 30, 90))
    bought = lone(binary, [10_000 - mark], 0, 100, (10, 30, 90))
    assert sold == pytest.approx(bought, abs=0.03)


def test_the_cap_at_a_joint_worst_case_is_not_subadditive():
    """A limit of the page: min(sum of gaps, joint worst case) grows where books are joined.

    f = 1/10, lambda = 1.03008. Long 100 of A at 0.60 with 100 of A and B sold at 0.30: the gap of A
    is 100 Phi(Phi^-1(0.4) + lambda) - 40 = 38.13, capped at the joint worst case of 30. Long 100 of
    B at 0.50: 34.85. Joined, the joint worst case is 80 and caps nothing: 72.99, not 64.85.
    """
    binaries = [EventTerms(name, "binary", "", (f"{name}-0",)) for name in "AB"]
    plain = market_of(
        binaries, [[6_000], [5_000]], series=["X", "X"], tau_seconds=np.full(2, 10 * DAY)
    )
    market = with_combination(plain, [(0, 0, "yes"), (1, 0, "yes")])
    hedged, lone_b = [(0, 100), (2, -100)], [(1, 100)]
    jumps = []
    for book in (hedged, lone_b, hedged + lone_b):
        event, contracts = np.array(book, dtype=np.int64).T
        nothing = np.zeros_like(event)
        held = np.ones(len(event), dtype=bool)
        positions = Positions(nothing, event, nothing, held, CONTRACT * contracts)
        margined = value(positions, market, 1, FAR, DRAWS).margins.margined
        jumps.append(margined.jump_to_resolution[0] / DOLLAR)
    assert jumps == pytest.approx([30, 34.85, 72.99], abs=0.01)
