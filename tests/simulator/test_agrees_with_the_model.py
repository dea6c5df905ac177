"""The venue's plain margin and the fast model on random markets: two readings of one page."""

from dataclasses import replace
from datetime import date

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from model.schedules import PARAMETERS, schedule
from support.random_market import STRUCTURES, TAUS, Case, cases

from reporting.model.events.terms import CombinationLeg, EventTerms, payoffs
from reporting.model.portfolio.methods import by_method
from reporting.model.portfolio.positions import Positions as ModelPositions
from reporting.model.portfolio.scenario_set import Draws
from reporting.model.portfolio.valuation import value
from reporting.simulator.margin.add_ons import OwnersBook
from reporting.simulator.margin.history import CycleState
from reporting.simulator.margin.requirement import MarginModel, Requirement
from reporting.simulator.margin.volatility import PoolKey
from reporting.simulator.market.listing import PAYOUT, Leg, Listing
from reporting.simulator.positions import Positions
from reporting.simulator.schedules import Schedule

PARTS = {"half": "void_in_payoffs", "last": "void_at_mark", "fair": "void_at_fair"}
BY_A_DATE = ("binary", "exclusive", "binaries")
CHANGES = {
    "legal_class": {"default": "swap", "Economics": "option"},
    "scenarios": 100,
    "jump_rate_bps_per_day": {"default": 300},
}
TABLE = {
    "name": "side_table",
    "categories": ["Sports"],
    "full_collateral_seconds": 3 * 86_400,
    "bands": [
        {"price_up_to_centicents": 2_000, "days_up_to": 10, "yes_bps": 9_000, "no_bps": 3_000},
        {"price_up_to_centicents": 10_000, "days_up_to": 10, "yes_bps": 6_000, "no_bps": 6_001},
        {"price_up_to_centicents": 10_000, "days_up_to": 60, "yes_bps": 3_333, "no_bps": 2_000},
    ],
}
METHODS = ({"name": "ECM-2"}, TABLE, {"name": "full_collateral"})
_DRAWS = Draws()
KINDS = (*STRUCTURES, "at_least_k")
VOIDS = ((), ("half",), ("last",), ("fair",))


class _Pools:
    """One pool: Sports, 3 to 7 days, with 100 event-days; all others count as 1."""

    def variance(self, key: PoolKey, least_ratio: float, least_observations: int) -> float:
        if key != ("Sports", 1):
            return 1.0
        # 0.6 now, 1.9 at its highest, 0.7 over ten years.
        return max(0.75 * 0.6 + 0.25 * 1.9, 0.7, least_ratio**2)


def _listed(case: Case) -> tuple[Listing, dict[str, str]]:
    """The venue's register of the market, and the cluster of each event."""
    market, listing, clusters = case.market, Listing(), {}
    for number, terms in enumerate(market.terms):
        plain = replace(terms, voids=())
        separate = terms.structure == "binaries"
        count = len(terms.legs)
        if separate:
            table = np.tile([0, PAYOUT], (count, 1))
        else:
            table, _ = payoffs(plain, market.marks[number])
        if "half" in terms.voids:
            table = np.column_stack([table, np.full(count, PAYOUT // 2)])
        listing.add(
            terms.event_ticker,
            market.series[number],
            "unknown" if separate else terms.structure,
            list(terms.legs),
            table,
            int(market.tau_seconds[number]),
            category=market.categories[number],
            separate=separate,
            early=market.may_close_early[number],
            happens_by=market.happens_by[number] and terms.structure in BY_A_DATE,
            legs=tuple(Leg(leg.market_ticker, leg.side == "yes") for leg in terms.combination_legs),
            **{PARTS[void]: True for void in terms.voids},
        )
        series = {"S2": "S1"}.get(market.series[number], market.series[number])
        clusters[terms.event_ticker] = f"{series}@{market.resolution_dates[number]}"
    return listing, clusters


def _plain(case: Case, method: dict) -> Requirement:
    """Margin as the venue computes it."""
    market, held = case.market, case.positions
    listing, clusters = _listed(case)
    first = np.array([event.first_market for event in listing.events])
    positions = Positions(case.accounts)
    keys = positions.make_key(first[held.event] + held.leg, held.account, ~held.margined)
    positions.add(keys, held.qty)
    linked: dict[str, list[int]] = {}
    for account, event in market.wrong_way:
        linked.setdefault(market.terms[event].event_ticker, []).append(account)
    # Dates of the random market are independent of its times.
    parameters = PARAMETERS | CHANGES | {"method": method, "linked_events": clusters}
    state = CycleState(
        0,
        np.concatenate(market.marks),
        np.full(len(listing.tickers), -1),
        market.open_interest,
        market.daily_volume,
        _Pools(),
    )
    owners = OwnersBook([str(n) for n in range(case.accounts)], positions)
    version = Schedule("v", date(2026, 1, 1), "a", "r", parameters)
    return MarginModel(listing, version, linked, state, owners).requirement(positions)


def _comparable(case: Case) -> Case:
    """The market as a venue lists it: strikes in order, and "by a date" only what may end early.

    The schedule's band for fair prices is ten cents.
    """
    market = case.market
    terms = [
        replace(
            event,
            on_one_variable=event.structure == "exclusive_exhaustive",
            fair_band=1_000 if "fair" in event.voids else None,
        )
        for event in market.terms
    ]
    by = [a and b for a, b in zip(market.happens_by, market.may_close_early, strict=True)]
    return replace(case, market=replace(market, terms=terms, happens_by=by))


@st.composite
def _with_combination(draw) -> Case:
    """A market with a combination of two of its contracts, near the product of their marks."""
    case = draw(cases(KINDS, VOIDS))
    market, held = case.market, case.positions
    # The model nets a leg of ``binaries`` with its whole event, the venue with that contract.
    usable = [n for n, terms in enumerate(market.terms) if terms.structure != "binaries"]
    if not usable:
        return case
    chosen = draw(st.lists(st.sampled_from(usable), min_size=2, max_size=2))
    legs, price = [], 1.0
    for event in dict.fromkeys(chosen):
        leg = draw(st.integers(0, len(market.terms[event].legs) - 1))
        side = draw(st.sampled_from(("yes", "no")))
        mark = market.marks[event][leg] / PAYOUT
        price *= mark if side == "yes" else 1 - mark
        terms = market.terms[event]
        legs.append(CombinationLeg(terms.event_ticker, terms.legs[leg], side))
    mark = min(PAYOUT, round(PAYOUT * price * draw(st.sampled_from((0.9, 1.0, 1.2, 2.0)))))
    combined = EventTerms("C", "combination", "", ("C-1",), combination_legs=tuple(legs))
    size = int(market.open_interest[0])
    with_it = replace(
        market,
        events=[*market.events, "C"],
        terms=[*market.terms, combined],
        marks=[*market.marks, np.array([mark])],
        priced=[*market.priced, np.array([True])],
        settled=[*market.settled, np.array([False])],
        tau_seconds=np.append(market.tau_seconds, draw(st.sampled_from(TAUS))),
        categories=[*market.categories, "Sports"],
        series=[*market.series, "S3"],
        resolution_dates=[*market.resolution_dates, "2026-06-01"],
        may_close_early=[*market.may_close_early, draw(st.booleans())],
        happens_by=[*market.happens_by, False],
        collateral_returns=[*market.collateral_returns, ""],
        daily_volume=np.append(market.daily_volume, 100.0),
        open_interest=np.append(market.open_interest, size),
    )
    positions = ModelPositions(
        np.append(held.account, 0),
        np.append(held.event, len(market.terms)),
        np.append(held.leg, 0),
        np.append(held.margined, draw(st.booleans())),
        np.append(held.qty, draw(st.sampled_from((-size // 3, 1, size // 3)))),
    )
    return Case(with_it, positions, case.accounts)


@settings(max_examples=150, deadline=None)
@given(
    data=st.one_of(cases(KINDS, VOIDS), _with_combination()),
    method=st.sampled_from(METHODS),
)
def test_margins_agree(data, method):
    case = _comparable(data)
    under = schedule(method=method, clusters={"S2": "S1"}, **CHANGES)
    valuation = value(case.positions, case.market, case.accounts, under, _DRAWS)
    ours, theirs = by_method(valuation), _plain(case, method)
    add_ons = -(-ours.margined.add_ons // 100)
    assert theirs.worst_case.tolist() == ours.worst_case.tolist()
    # What floating point can move, and the centicent of rounding up.
    near = 1e-9 * theirs.worst_case + 1
    assert (abs(theirs.core - ours.core) <= near).all()
    assert (abs(theirs.add_ons - add_ons) <= near).all()
    assert (abs(theirs.initial - ours.initial) <= near).all()
