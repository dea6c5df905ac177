"""Small stress books, by hand and at random."""

from datetime import date

import numpy as np
from hypothesis import strategies as st

from reporting.model.events.terms import EventTerms
from reporting.model.margin.worst_case import worst_case
from reporting.model.stress.events import StressEvent, StressMarket
from reporting.model.stress.records import record_from
from reporting.model.stress.stress_book import (
    Accounts,
    MarketLiquidity,
    PositionsByContract,
    StressBook,
)

from .books import event_terms

DAY = date(2026, 5, 4)


def record(kind, name="X", family="F", version="1", **parameters):
    return record_from(
        {
            "id": name,
            "family": family,
            "version": version,
            "effective_from": DAY,
            "owner": "risk",
            "words": "words",
            "kind": kind,
            "parameters": parameters,
        }
    )


def event(name, structure, n, **more):
    legs = tuple(f"{name}-{leg}" for leg in range(1, n + 1))
    return EventTerms(name, structure, "", legs, **more)


def stressed(terms, marks, size=0, category="Weather", **more):
    return StressEvent(terms, category, np.array(marks), size, **more)


def stress_book(events, quantities, margin=None, group=None, house=None, fund=None, **more):
    """A book; quantities: one row per account over all contracts; everybody is margined,
    a customer and in the one group where nothing else is said."""
    market = StressMarket(events)
    quantities = np.array(quantities, dtype=np.int64)
    accounts, contracts = quantities.shape
    account, contract = np.nonzero(quantities)
    group = np.zeros(accounts, dtype=np.int64) if group is None else np.array(group)
    fund = np.zeros(int(group.max(initial=0)) + 1, dtype=np.int64) if fund is None else fund
    worst = worst_cases(market, quantities)
    margined = more.pop("margined", np.ones(accounts, dtype=bool))
    return StressBook(
        market=market,
        positions=PositionsByContract.of(
            account, contract, quantities[account, contract], contracts
        ),
        accounts=Accounts(
            group=group,
            is_house=np.zeros(accounts, dtype=bool) if house is None else np.array(house),
            margined=np.array(margined),
            margin=np.zeros(accounts, dtype=np.int64) if margin is None else np.array(margin),
            worst_case=worst,
        ),
        groups=[f"G{number}" for number in range(len(fund))],
        own_fund=np.array(fund, dtype=np.int64),
        **more,
    )


def worst_cases(market, quantities):
    """W of each account: the sum over events, each not below zero.

    Where marks promise a sure gain W of an event is below zero; a scenario that leaves the
    event at its marks does not pay it out.
    """
    total = np.zeros(len(quantities), dtype=np.int64)
    for number, found in enumerate(market.events):
        low, high = market.first_contract[number : number + 2]
        found = worst_case(found.terms, found.marks, quantities[:, low:high])
        total += np.maximum(found.loss_micros, 0)
    return total


def liquidity(contracts, volume=1_000.0, half_spread=100.0, information=1.0):
    return MarketLiquidity(
        information=np.full(contracts, information),
        daily_volume=np.full(contracts, volume),
        half_spread=np.full(contracts, half_spread),
        impact_bps=10_000,
    )


HULL = ("binary", "exclusive_exhaustive", "exclusive", "ladder", "k_of_n", "binaries")
"""Structures whose contracts pay nothing or the whole payout."""


@st.composite
def markets(draw, structures=HULL, most_events=3):
    """One to three random events, with volatility ratio, time and category."""
    found = []
    for number in range(draw(st.integers(1, most_events))):
        terms = draw(event_terms(structures=structures, voids=(("half",),)))
        legs = tuple(f"E{number}-{leg}" for leg in range(len(terms.legs)))
        terms = EventTerms(
            f"E{number}", terms.structure, "test", legs, voids=("half",), k=terms.k,
            payoffs=terms.payoffs,
        )  # fmt: skip
        found.append(
            stressed(
                terms,
                [draw(st.integers(0, 10_000)) for _ in legs],
                size=draw(st.integers(0, 5)),
                category=draw(st.sampled_from(("", "Weather"))),
                volatility_ratio=draw(st.floats(0.5, 3)),
                tau_days=draw(st.floats(0, 40)),
                liquidation_days=draw(st.sampled_from((1, 5))),
            )
        )
    return StressMarket(found)


@st.composite
def random_books(draw, structures=HULL, **more):
    """A book of one to five accounts in up to three groups on a random market."""
    market = draw(markets(structures))
    accounts, contracts = draw(st.integers(1, 5)), int(market.first_contract[-1])
    qty = st.integers(-50, 50)
    table = [[draw(qty) for _ in range(contracts)] for _ in range(accounts)]
    margins = st.integers(0, 400_000)
    return stress_book(
        market.events,
        table,
        margin=[draw(margins) for _ in range(accounts)],
        group=[draw(st.integers(0, 2)) for _ in range(accounts)],
        house=[draw(st.booleans()) for _ in range(accounts)],
        fund=[draw(st.integers(0, 200_000)) for _ in range(3)],
        margined=np.array([draw(st.booleans()) for _ in range(accounts)]),
        **more,
    )


def all_records():
    """One record of each kind, as the product's library has them."""
    return (
        record("surprise_resolution", "S1", events=20),
        record("category_sweep", "S2"),
        record("group_sweep", "S2b", paired_groups=3),
        record("gap", "S3", quantile_bps=9_990),
        record("reversal", "S4", events=20, withdrawn_bps=5_000),
        record("void", "S5", events=20),
        record("missed_cycle", "S6", extra_days=2, quantile_bps=9_990),
        record("depth", "S7", depth_left_bps=2_000, spread_multiple_bps=50_000),
        record(
            "collateral", "S8", falls_bps={"crypto": 5_000}, yield_rise_bps=200,
            duration_months={"treasury": 24},
        ),
        record("combined", "S9", of=["S2", "S8"]),
        record(
            "porting", "S10", extra_days=2, quantile_bps=9_990, depth_left_bps=10_000,
            spread_multiple_bps=10_000,
        ),
        record("withdrawal", "S11", spread_multiple_bps=50_000),
        record("closed_days", "S12", days=3, quantile_bps=9_990),
        record("replay", "R1", dates=2, multiple_bps=10_000),
    )  # fmt: skip


def table_of(book):
    """Quantities as a plain table again: int per account and contract."""
    found = np.zeros((len(book.accounts.group), len(book.positions.start) - 1), dtype=np.int64)
    np.add.at(found, (book.positions.account, book.positions.contract), book.positions.qty)
    return found
