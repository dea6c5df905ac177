"""The record of a default drill on books at random: every unit is borne once, by whom it may be."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from model.stress_books import markets
from support.default_cases import MEMBERS, case, drilled, rules
from support.waterfalls import LAYERS

from reporting.model.default.silos import HOUSE_SILO
from reporting.model.stress.events import CloseOut, Outcome, Prices, Scenario
from reporting.studies.default_drill.cascade import run_cascade
from reporting.studies.default_drill.close_out import HOUSE
from reporting.studies.default_drill.contagion import run_contagion
from reporting.studies.default_drill.facilities import liquidity_record


@st.composite
def cases(draw):
    market = draw(markets())
    contracts = int(market.first_contract[-1])
    small = st.lists(st.integers(-3_000, 3_000), min_size=contracts, max_size=contracts)
    accounts = [
        (
            draw(st.sampled_from(("A1", "A2", "B", "C"))),
            draw(st.booleans()),
            draw(small),
            draw(small),
            draw(st.integers(0, 20_000_000)),
        )
        for _ in range(draw(st.integers(1, 6)))
    ]
    moved = draw(st.lists(st.integers(0, contracts - 1), unique=True))
    prices = [draw(st.integers(0, 10_000)) for _ in moved]
    outcomes = ()
    if draw(st.booleans()):
        first = market.events[0]
        pays = tuple(draw(st.sampled_from((0, 10_000))) for _ in first.terms.legs)
        outcomes = (Outcome(first.terms.event_ticker, pays),)
    scenario = Scenario(
        "R",
        "T",
        "random",
        outcomes,
        prices=Prices(np.array(moved, dtype=np.int64), np.array(prices, dtype=np.int64)),
        close_out=draw(
            st.sampled_from((None, CloseOut(None, 2_000, 50_000), CloseOut((0,), 1, 0)))
        ),
    )
    order = draw(st.permutations(LAYERS[1:]))
    layers = [LAYERS[0], *(replace(x, order=n) for n, x in enumerate(order, start=2))]
    layers = layers[: draw(st.integers(1, len(layers)))]
    deposits = {member.member_id: draw(st.integers(0, 50_000)) for member in MEMBERS}
    covers = draw(st.booleans())
    return case(
        market.events,
        accounts,
        scenario,
        layers=layers,
        deposits=deposits,
        rules=rules(house_margin_covers_customers=covers),
    )


def plain_total(found, closing, auction) -> int:
    """The loss, worked out account by account."""
    costs = auction.customer_costs(closing)
    house, total = 0, 0
    for book in range(len(found.loss)):
        if not found.in_group[book]:
            continue
        micros = int(found.loss[book])
        if found.is_house[book]:
            house += micros
        else:
            total += max(0, -(-micros // 100) + costs.get(book, 0))
    closed = closing.hedge_cost + sum(
        cost.total
        for lot, cost in zip(closing.lots, auction.costs, strict=True)
        if lot.side == HOUSE
    )
    return total + max(0, -(-house // 100) + closed)


@settings(max_examples=60, deadline=None)
@given(cases())
def test_every_unit_of_the_loss_is_borne_once_and_no_customer_pays_for_another(found):
    closing, auction, done = drilled(found)
    used = sum(layer.result.used for layer in done.result.layers)
    assert done.losses.total == done.own_assets + used + done.unallocated
    assert done.losses.total == plain_total(found, closing, auction)
    for layer_ in done.result.layers:
        assert layer_.result.used <= layer_.result.size
        assert sum(layer_.by_silo.values()) == layer_.result.used
        if layer_.result.by_member:
            assert sum(layer_.result.by_member.values()) == layer_.result.used
            assert all(member in ("A1", "A2", "B", "C") for member in layer_.result.by_member)
    margin = {found.silo_of(b): int(found.margin[b]) // 100 for b in np.flatnonzero(found.in_group)}
    for flow in done.result.flows:
        assert flow.source in (HOUSE_SILO, flow.target)
        if flow.source != HOUSE_SILO:
            assert flow.amount <= margin[flow.source]
    # What closing out costs is all paid by the house and the customers whose lots they were.
    closing_of = sum(done.losses.closing.values())
    assert closing_of == closing.hedge_cost + sum(cost.total for cost in auction.costs)
    for lot, cost in zip(closing.lots, auction.costs, strict=True):
        assert cost.market >= 0
        # Nothing goes below the reserve, so a lot never costs more than closing it out would.
        assert cost.total <= -(-lot.cost // 100) + 1


@settings(max_examples=30, deadline=None)
@given(cases())
def test_what_comes_next_adds_up(found):
    _, _, done = drilled(found)
    clearing = run_contagion(found, done)
    result = clearing.clearing
    kept = sum(result.equity) + sum(result.to_external)
    assert kept == sum(clearing.network.external_assets)
    # If all members had what they owe, what lacks would be what is unallocated, the rest rounding.
    house = clearing.network.external_assets[-1] + sum(
        owed[-1] for owed in clearing.network.liabilities[:-1]
    )
    owes = sum(clearing.network.liabilities[-1]) + clearing.network.external_liabilities[-1]
    over = house - owes - clearing.others.left + done.unallocated
    assert 0 <= over <= 2 * len(found.loss) + 3
    record = liquidity_record(found, done, 2, 10)
    drawn = sum(row["drawn_centicents"] for row in record["facilities"])
    assert drawn == sum(row["met_centicents"] for row in record["outflows"])
    run_cascade(found)
