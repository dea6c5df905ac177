"""The record of a default drill on books made by hand, without a lake.

Books at random are in test_default_random.py; the whole command on a day worked out by hand is
tests/tiny/test_tiny_drill.py.
"""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import numpy as np
import pytest
import yaml
from model.stress_books import event, stressed
from support.default_cases import (
    FALLS,
    RULES,
    SETTLES,
    FundDay,
    X,
    case,
    drilled,
    rules,
)
from support.waterfalls import layer

from reporting.model.default.auction import Bid
from reporting.model.default.silos import HOUSE_SILO
from reporting.model.stress.events import CloseOut, Prices, Scenario
from reporting.rulebook import drill_rules
from reporting.rulebook.drill_rules import drill_rules_in_force, rules_from
from reporting.studies.default_drill.auction import FEED, SIMULATED
from reporting.studies.default_drill.cascade import run_cascade
from reporting.studies.default_drill.close_out import CUSTOMERS
from reporting.studies.default_drill.contagion import contagion_record, run_contagion
from reporting.studies.default_drill.facilities import liquidity_record

# -- by hand ---------------------------------------------------------------------------------

NO_HEDGE = rules(hedge_most_trades=0)


def test_silos_and_layers_by_hand():
    """House of A: long 100 contracts at 0.50, settled at 0: loses 50 dollars, margin 30. Its
    customer loses 5 of 10 contracts with margin 1; the other customer gains 20 with margin 8.

    The house is short of 20, the customer of 4: 24 dollars. Layers of 0.005 (fund of A), 0.03,
    0.03 (survivors), assessments of half of that, 0.0150. Gains: B short 75: 37.50; the rest,
    24 - 0.08 = 23.92, is cut of it.
    """
    found = case(
        X,
        [
            ("A1", True, [10_000], [0], 30_000_000),
            ("A1", False, [1_000], [0], 1_000_000),
            ("A2", False, [-4_000], [0], 8_000_000),
            ("B", True, [-7_500], [0], 90_000_000),
        ],
        SETTLES,
    )
    closing, auction, done = drilled(found)
    assert closing.lots == [] and auction.bids == []
    assert done.losses.market == {"house": 500_000, "A1-1": 50_000, "A2-2": -200_000}
    assert done.losses.total == 550_000
    flows = {(flow.source, flow.target): flow.amount for flow in done.result.flows}
    # The other customer's 8 dollars of margin and 20 of gain meet nothing.
    assert flows == {("house", "house"): 300_000, ("A1-1", "A1-1"): 10_000}
    used = {
        u.layer_type: d.result.used for u, d in zip(done.layers, done.result.layers, strict=True)
    }
    assert used == {
        "defaulter_fund": 50,
        "own_capital": 300,
        "survivors_fund": 300,
        "assessment": 150,
        "gains_haircut": 240_000 - 800,
    }
    assert done.unallocated == 0
    # Survivors pay back 200 and 100, what the fund lost.
    assert done.replenishment.due == {"B": 200, "C": 100}


@pytest.mark.parametrize(("covers", "house_pays"), [(True, 40_000), (False, 0)])
def test_excess_house_margin_covers_customers_where_the_rules_say_so(covers, house_pays):
    found = case(
        X,
        [("A1", True, [0], [0], 30_000_000), ("A1", False, [1_000], [0], 1_000_000)],
        SETTLES,
        rules=rules(house_margin_covers_customers=covers),
    )
    *_, done = drilled(found)
    flows = {(flow.source, flow.target): flow.amount for flow in done.result.flows}
    assert flows.pop(("house", "A1-1"), 0) == house_pays
    assert flows == {("A1-1", "A1-1"): 10_000}


def test_lots_and_bids_of_the_feed_by_hand():
    """House of A: long 100 contracts that fall from 0.50 to 0.30: 20 dollars. One lot worth 30.

    Closing out: half spread 0.01 and nothing for impact (sigma 0): 1 dollar; the reserve is 29.
    B bids 29.50 for 60 of the 100, the suspended C 29.00 for 10, A2 is no survivor, lot Z is
    none. Sold: 60 x 0.005 = 0.30 and 10 x 0.01 = 0.10 lost; 30 closed out for 0.01: 0.30.
    """
    bids = [
        ("HOUSE-Weather", "A2", "30", 100),
        ("HOUSE-Weather", "B", "29.5", 6_000),
        ("HOUSE-Weather", "C", "29", 1_000),
        ("Z", "B", "1", 1),
        ("HOUSE-Weather", "X", "1e3", 1),
    ]
    day = FundDay(bids, [("B", 200), ("C", 100)])
    accounts = [("A1", True, [10_000], [500], 10_000_000), ("B", True, [-10_000], [0], 0)]
    found = case(X, accounts, FALLS, day=day, rules=NO_HEDGE)
    closing, auction, done = drilled(found)
    (sale,) = closing.lots
    assert (sale.lot.lot_id, sale.lot.qty, sale.lot.mark) == ("HOUSE-Weather", 10_000, 30_000_000)
    assert (sale.cost, sale.lot.reserve, sale.lot.bidders) == (1_000_000, 29_000_000, ("B",))
    assert auction.source == FEED
    assert auction.bids == [
        Bid("B", "HOUSE-Weather", 6_000, 29_500_000),
        Bid("C", "HOUSE-Weather", 1_000, 29_000_000),
    ]
    assert [row["reason"] for row in auction.refused] == [
        "not a surviving member",
        "no such lot",
        "not a surviving member",
    ]
    (cost,) = auction.costs
    assert (cost.sale, cost.market) == (4_000, 3_000)
    # 5 contracts held in full lose 1 dollar with the house and are not sold.
    assert done.losses.market[HOUSE_SILO] == 210_000
    assert done.losses.total == 217_000


def test_customers_share_what_their_lots_cost_by_what_they_can_lose():
    """Customers long 90 and short 30 at 0.30: 60 are sold net. They can lose 27 and 21; nobody
    bids, so closing out 60 costs 0.60: 0.3375 and 0.2625."""
    accounts = [
        ("A1", False, [9_000], [0], 10_000_000),
        ("A1", False, [-3_000], [0], 10_000_000),
        ("B", True, [0], [0], 0),
    ]
    found = case(X, accounts, FALLS, rules=rules(bid_participation_bps=0))
    closing, auction, _ = drilled(found)
    assert [(lot.side, lot.net) for lot in closing.lots] == [(CUSTOMERS, {0: 6_000})]
    assert auction.source == SIMULATED
    assert auction.customer_costs(closing) == {0: 3_375, 2: 2_625}


def test_the_scenarios_own_close_out_gives_way_to_the_auction():
    """A scenario that closes the group out says what that costs; the record counts it once, as
    its own auction."""
    gone = Scenario("gone", "T", "A goes", close_out=CloseOut((0,), 5_000, 20_000))
    accounts = [("A1", True, [10_000], [0], 1), ("B", True, [-10_000], [0], 0)]
    found = case(X, accounts, gone, rules=NO_HEDGE)
    # Twice the half spread of 0.01 on 100 contracts; there is no volatility.
    assert found.close_out_estimate.tolist() == [2_000_000, 0, 0, 0]
    assert found.loss.tolist() == [0, 0, 0, 0]
    closing, *_ = drilled(found)
    assert closing.lots[0].cost == 2_000_000


def test_tear_up_takes_what_a_haircut_of_net_gains_cannot_reach():
    """A: long 100 of X, which falls by 0.20: B, the other side, gains 20, but loses 15 in Y: its
    gain net is 5. A has nothing else, and there is no other layer: 20 dollars are lost, 5 cut,
    and ending X at 0.50 takes the other 15 of B's claim of 20.
    """
    events = [*X, stressed(event("Y", "binary", 1), [5000], category="Sports")]
    prices = Prices(np.array([0, 1]), np.array([3000, 2000]))
    both = Scenario("both", "T", "both fall", prices=prices)
    accounts = [
        ("A1", True, [10_000, 0], [0, 0], 0),
        ("B", True, [-10_000, 5_000], [0, 0], 0),
        ("C", True, [0, -5_000], [0, 0], 0),
    ]
    # Depth and spread 0: closing out costs nothing, so that the loss is the 20 alone.
    free = CloseOut((9,), 10_000, 0)
    unsold = rules(hedge_most_trades=0, bid_participation_bps=0)
    found = case(
        events,
        accounts,
        replace(both, close_out=free),
        layers=(layer(1, "gains_haircut"),),
        rules=unsold,
    )
    *_, done = drilled(found)
    gained = {u.layer_type: d.result for u, d in zip(done.layers, done.result.layers, strict=True)}
    # C gains 15 in Y, so the haircut reaches 5 + 15 = all of the 20.
    assert gained["gains_haircut"].used == 200_000
    assert done.tear_ups == {}
    alone = [accounts[0], accounts[1], ("C", True, [0, 0], [0, 0], 0)]
    found = case(
        events,
        alone,
        replace(both, close_out=free),
        layers=(layer(1, "gains_haircut"),),
        rules=unsold,
    )
    *_, done = drilled(found)
    gained = {u.layer_type: d.result for u, d in zip(done.layers, done.result.layers, strict=True)}
    assert gained["gains_haircut"].by_member == {"B": 50_000}
    # The claim of 20 less the 5 that were cut already.
    assert gained["partial_tear_up"].size == 150_000
    assert gained["partial_tear_up"].by_member == {"B": 150_000}
    assert done.unallocated == 0


def test_contagion_pulls_down_who_has_less_than_it_owes():
    """B's house loses 20 dollars and has 12: it pays 12. C is owed 15 of the clearing house, and 5
    are owed to who holds the other side of the 25 that no book here is short. The clearing house
    has the 12 and the layers that are left (own capital 0.03, fund of C 0.01 and of B 0.02
    untouched): 12.06 against 20, of which C gets three quarters."""
    accounts = [
        ("A1", True, [0], [0], 0),
        ("B", True, [10_000], [0], 0),
        ("C", True, [-7_500], [0], 0),
    ]
    cash = np.array([0, 0, 12_000_000, 0, 0, 0])
    found = case(X, accounts, FALLS, collateral={"cash": cash})
    _, _, done = drilled(found)
    clearing = run_contagion(found, done)
    assert clearing.members == ["B", "C"]
    assert clearing.clearing.payments == (Fraction(120_000), Fraction(0), Fraction(120_600))
    rows = {row["member_id"]: row for row in contagion_record(found, done)["members"]}
    assert (rows["B"]["owes_centicents"], rows["B"]["short_centicents"]) == (200_000, 80_000)
    assert rows["C"]["is_owed_centicents"] == 150_000
    assert rows["C"]["is_paid_centicents"] == 90_450
    assert [rows[m]["fails_in_round"] for m in "BC"] == [1, 0]


def test_liquidity_by_hand():
    """50 dollars are due at hour 2. Cash of the defaulter 20, own capital 0.03, fund 0.035, a line
    of 0.10 from hour 2 on; the rest, 30 - 0.165, is unmet: two hours."""
    accounts = [("A1", True, [10_000], [0], 20_000_000), ("B", True, [-1], [0], 0)]
    cash = np.array([40_000_000, 0, 0, 0])
    found = case(X, accounts, SETTLES, collateral={"cash": cash})
    *_, done = drilled(found)
    record = liquidity_record(found, done, 2, 10)
    drawn = {row["facility"]: row["drawn_centicents"] for row in record["facilities"]}
    assert drawn["cash of the defaulter"] == 200_000
    assert (drawn["L3"], drawn["L4"], drawn["L5"]) == (300, 350, 1_000)
    assert record["hours_survived"] == 2
    assert record["unmet_centicents"] == 300_000 - 1_650


def test_cascade_starts_from_what_the_scenario_left():
    """B: long 50 at 0.50, collateral 30, maintenance 20 of the 25 that it can lose. X falls to
    0.30: it has 20 and needs 0.8 x 15 = 12: it stands. With collateral 20 it has 10: it falls."""
    for cash, rounds in ((30_000_000, 0), (20_000_000, 1)):
        accounts = [("A1", True, [0], [0], 0), ("B", True, [5_000], [0], 25_000_000)]
        collateral = {"cash": np.array([0, 0, cash, 0])}
        found = case(X, accounts, FALLS, collateral=collateral)
        books, fallen = run_cascade(found)
        assert books.tolist() == [2]
        assert fallen.rounds == rounds


# -- the assumptions -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"grace_hours": -1}, "grace_hours has a wrong type or value"),
        ({"grace_hours": "1"}, "grace_hours has a wrong type or value"),
        ({"bid_participation_bps": 10_001}, "bid_participation_bps must not be above 10,000"),
        (
            {"failed_assets_left_bps": 10_001},
            "failed_assets_left_bps must not be above 10,000",
        ),
        ({"bids_due_hours": 1}, "lots_sent_hours must not be above bids_due_hours"),
        ({"surprise": 1}, "unknown"),
    ],
)
def test_assumptions_that_cannot_be_are_refused_by_name(change, words):
    record = yaml.safe_load(drill_rules.DRILL_RULES.read_text())[0]
    assert rules_from(record) == RULES
    with pytest.raises(ValueError, match=words):
        rules_from(record | change)


def test_a_date_before_all_assumptions_is_refused():
    with pytest.raises(ValueError, match="nothing is in force"):
        drill_rules_in_force(date(2019, 12, 31))
