"""What a default sets off, on books made by hand: collateral, contagion, liquidity, cascade."""

from dataclasses import replace

import numpy as np
from model.stress_books import event, liquidity, record, stressed
from support.default_cases import FALLS, SETTLES, X, case, drilled, rules
from support.waterfalls import layer

from reporting.model.stress.events import CloseOut, Prices, Scenario
from reporting.packs.drill_record.loss import aftermath_section
from reporting.studies.default_drill.cascade import cascade_record
from reporting.studies.default_drill.contagion import contagion_record
from reporting.studies.default_drill.facilities import liquidity_record

NO_SALE = rules(hedge_most_trades=0, bid_participation_bps=0)
"""Nothing is hedged and nobody bids: all stays open."""

# -- collateral behind fully collateralised books --------------------------------------------


def contagion_of(found):
    *_, done = drilled(found)
    record = contagion_record(found, done)
    return record, {row["member_id"]: row for row in record["members"]}


def test_what_a_fully_collateralised_book_loses_is_paid_by_what_is_behind_it():
    """B's house holds 100 in full at 0.50, with 50 in cash behind them; they settle at 0. It owes
    50 and has 50: it does not fail."""
    accounts = [("A1", True, [0], [0], 0), ("B", True, [0], [10_000], 0)]
    cash = [0, 0, 0, 50_000_000]
    _, rows = contagion_of(case(X, accounts, SETTLES, collateral={"cash": cash}))
    assert rows["B"]["owes_centicents"] == rows["B"]["pays_centicents"] == 500_000
    assert rows["B"]["known_collateral_centicents"] == 500_000
    assert rows["B"]["fails_in_round"] == 0


def test_what_stays_behind_positions_held_in_full_pays_nothing_else():
    """X falls to 0.30: 100 held in full lose 20 of the 50 behind them, the other 30 stay there.
    100 margined ones lose 20 with 5 behind them: B has 20 + 5 against 40."""
    accounts = [("A1", True, [0], [0], 0), ("B", True, [10_000], [10_000], 0)]
    cash = [0, 0, 5_000_000, 50_000_000]
    _, rows = contagion_of(case(X, accounts, FALLS, collateral={"cash": cash}))
    assert rows["B"]["known_collateral_centicents"] == 250_000
    assert (rows["B"]["owes_centicents"], rows["B"]["short_centicents"]) == (400_000, 150_000)


def test_cash_behind_positions_held_in_full_is_cash():
    """A customer of A holds 100 in full, 30 in cash and 20 in crypto behind them; they settle at
    0. The loss of 50 is due at hour 2: 30 of cash at once, 20 after the notice of 24 hours.
    The clearing house has nothing else: 20 are unmet. All in cash nothing is."""
    accounts = [("A1", False, [0], [10_000], 0), ("B", True, [-1], [0], 0)]
    for in_crypto in (0, 20_000_000):
        collateral = {
            "cash": [0, 50_000_000 - in_crypto, 0, 0],
            "crypto": [0, 2 * in_crypto, 0, 0],
        }
        found = case(X, accounts, SETTLES, layers=(), collateral=collateral, full=[50_000_000, 0])
        *_, done = drilled(found)
        assert done.own_assets == 500_000
        record = liquidity_record(found, done, 2, 10)
        own = {row["facility"]: row["capacity_centicents"] for row in record["facilities"]}
        assert own["cash of the defaulter"] == 500_000 - in_crypto // 100
        assert own["other collateral of the defaulter"] == in_crypto // 100
        assert record["unmet_centicents"] == in_crypto // 100


# -- contagion: what the clearing house has --------------------------------------------------


def test_what_is_unallocated_is_not_paid():
    """House of A: long 100 at 0.50, settled at 0, without margin and without any layer: 50 are
    unallocated. B is short 100 and gained 50: the clearing house has nothing to pay it with."""
    accounts = [("A1", True, [10_000], [0], 0), ("B", True, [-10_000], [0], 0)]
    found = case(X, accounts, SETTLES, layers=())
    *_, done = drilled(found)
    assert done.unallocated == 500_000
    record, rows = contagion_of(found)
    assert record["clearing_house_fails"]
    assert rows["B"]["is_owed_centicents"] == 500_000
    assert rows["B"]["is_paid_centicents"] == 0


def test_customers_of_survivors_rank_beside_the_houses():
    """As before, but A had margin of 20; B is short 60 and a customer of B short 40: they are owed
    30 and 20. 30 are unallocated, 20 is there for 50: two fifths each, 12 for the house of B."""
    accounts = [
        ("A1", True, [10_000], [0], 20_000_000),
        ("B", True, [-6_000], [0], 0),
        ("B", False, [-4_000], [0], 0),
    ]
    record, rows = contagion_of(case(X, accounts, SETTLES, layers=()))
    assert rows["B"]["is_owed_centicents"] == 300_000
    assert rows["B"]["is_paid_centicents"] == 120_000
    assert record["clearing_house"] == {
        "has_from_others_centicents": 200_000,
        "layers_left_centicents": 0,
        "owes_members_centicents": 300_000,
        "owes_others_centicents": 200_000,
        "pays_centicents": 200_000,
        "lost_centicents": 0,
    }


def test_a_haircut_that_is_enough_leaves_the_clearing_house_standing():
    """A's margin of 20 and a haircut of 30 of the gain of 50: B is owed 20, and gets it."""
    accounts = [("A1", True, [10_000], [0], 20_000_000), ("B", True, [-10_000], [0], 0)]
    found = case(X, accounts, SETTLES, layers=(layer(1, "gains_haircut"),))
    record, rows = contagion_of(found)
    assert not record["clearing_house_fails"]
    assert rows["B"]["is_owed_centicents"] == rows["B"]["is_paid_centicents"] == 200_000


def test_who_was_torn_up_is_owed_less_by_as_much():
    """X falls to 0.30: A's house, long 100, loses 20; closing out costs nothing, nobody bids, and
    no layer takes it: B's contracts end at 0.50. It goes without its 20, and is owed nothing."""
    free = replace(FALLS, close_out=CloseOut((9,), 10_000, 0))
    accounts = [("A1", True, [10_000], [0], 0), ("B", True, [-10_000], [0], 0)]
    found = case(X, accounts, free, layers=(), rules=NO_SALE)
    *_, done = drilled(found)
    assert done.used("partial_tear_up") == {"B": 200_000}
    record, rows = contagion_of(found)
    assert rows["B"]["is_owed_centicents"] == rows["B"]["owes_centicents"] == 0
    assert not record["clearing_house_fails"]


def test_a_tear_up_that_takes_more_than_was_gained_net_leaves_a_debt():
    """B's house gained 20 in X and lost 15 in Y: 5 are owed to it. The tear-up of X takes the 20:
    B then owes its 15, which C, who gained them, gets. The customer's part is the customer's."""
    events = [*X, stressed(event("Y", "binary", 1), [5000], category="Sports")]
    prices = Prices(np.array([0, 1]), np.array([3000, 2000]))
    both = Scenario("both", "T", "", prices=prices, close_out=CloseOut((9,), 10_000, 0))
    accounts = [
        ("A1", True, [10_000, 0], [0, 0], 0),
        ("B", True, [-10_000, 5_000], [0, 0], 0),
        ("C", True, [0, -5_000], [0, 0], 0),
    ]
    cash = [0, 0, 15_000_000, 0, 0, 0]
    found = case(events, accounts, both, layers=(), rules=NO_SALE, collateral={"cash": cash})
    *_, done = drilled(found)
    assert done.used("partial_tear_up") == {"B": 200_000}
    record, rows = contagion_of(found)
    assert (rows["B"]["owes_centicents"], rows["B"]["pays_centicents"]) == (150_000, 150_000)
    assert rows["C"]["is_owed_centicents"] == rows["C"]["is_paid_centicents"] == 150_000
    assert not record["clearing_house_fails"]


def test_a_tear_up_falls_on_the_books_whose_contracts_end():
    """B's house is short 60 of X, its customer 40; X falls by 0.20 and 20 are torn up: 12 and 8.
    Y gains the house of B another 3, which the tear-up leaves alone."""
    events = [*X, stressed(event("Y", "binary", 1), [5000], category="Sports")]
    prices = Prices(np.array([0, 1]), np.array([3000, 2000]))
    both = Scenario("both", "T", "", prices=prices, close_out=CloseOut((9,), 10_000, 0))
    accounts = [
        ("A1", True, [10_000, 0], [0, 0], 0),
        ("B", True, [-6_000, -1_000], [0, 0], 0),
        ("B", False, [-4_000, 0], [0, 0], 0),
        ("C", True, [0, 1_000], [0, 0], 0),
    ]
    cash = [0, 0, 0, 0, 0, 0, 3_000_000, 0]
    found = case(events, accounts, both, layers=(), rules=NO_SALE, collateral={"cash": cash})
    record, rows = contagion_of(found)
    assert rows["B"]["is_owed_centicents"] == rows["B"]["is_paid_centicents"] == 30_000
    assert record["clearing_house"]["owes_others_centicents"] == 0


def test_paying_the_fund_back_pays_nobody_of_this_default():
    """A loses 50 and has no margin; the fund of B and C, 0.03, is used and paid back; the rest,
    49.97, is unallocated. B, who gained 50, gets the 0.03 that the fund had, not 0.06."""
    accounts = [
        ("A1", True, [10_000], [0], 0),
        ("B", True, [-10_000], [0], 0),
        ("C", True, [0], [0], 0),
    ]
    cash = [0, 0, 1_000_000, 0, 1_000_000, 0]
    layers = (layer(1, "survivors_fund"),)
    _, rows = contagion_of(case(X, accounts, SETTLES, layers=layers, collateral={"cash": cash}))
    assert rows["B"]["is_paid_centicents"] == 300
    assert (rows["B"]["owes_centicents"], rows["B"]["pays_centicents"]) == (200, 200)
    assert (rows["C"]["owes_centicents"], rows["C"]["pays_centicents"]) == (100, 100)


def test_bankruptcy_costs_take_from_what_a_failed_member_has():
    """B's house loses 20 and has 12: it fails. With 9,000 and 5,000 bps left of assets and of
    receipts it pays 0.9 x 12 = 10.80, 1.20 are lost. The clearing house, without any layer, gets
    10.80 against the 20 that it owes C, who is short 100: it fails too, loses half, pays 5.40."""
    accounts = [
        ("A1", True, [0], [0], 0),
        ("B", True, [10_000], [0], 0),
        ("C", True, [-10_000], [0], 0),
    ]
    cash = [0, 0, 12_000_000, 0, 0, 0]
    costs = rules(failed_assets_left_bps=9_000, failed_receipts_left_bps=5_000)
    found = case(X, accounts, FALLS, layers=(), rules=costs, collateral={"cash": cash})
    record, rows = contagion_of(found)
    assert (rows["B"]["pays_centicents"], rows["B"]["lost_centicents"]) == (108_000, 12_000)
    assert record["clearing_house"]["pays_centicents"] == 54_000
    assert record["clearing_house"]["lost_centicents"] == 54_000
    assert rows["C"]["is_paid_centicents"] == 54_000


def test_without_bankruptcy_costs_nothing_is_lost():
    assert (rules().failed_assets_left_bps, rules().failed_receipts_left_bps) == (10_000, 10_000)


# -- liquidity: the notice of each line ------------------------------------------------------


def facilities_of(found, cycle_hour=2):
    *_, done = drilled(found)
    found = liquidity_record(found, done, cycle_hour, 10)
    return {row["facility"]: row for row in found["facilities"]}


def test_each_line_has_its_own_notice_as_in_the_daily_stage():
    """Two lines of 1 dollar; 50 dollars are due at hour 2. The library says 1 hour for all lines,
    but 3 for L2: only L1 pays. Where the library says nothing, the rules' 2 hours are for both."""
    accounts = [("A1", True, [10_000], [0], 0), ("B", True, [-10_000], [0], 0)]
    layers = (layer(1, "facility", 10_000), layer(2, "facility", 10_000))
    own = record(
        "liquidity", facility_notice_hours=1, liquid_assets=["cash"], notice_hours={"L2": 3}
    )
    rows = facilities_of(case(X, accounts, SETTLES, layers=layers, liquid=own))
    assert [(rows[n]["notice_hours"], rows[n]["drawn_centicents"]) for n in ("L1", "L2")] == [
        (1, 10_000),
        (3, 0),
    ]
    two = rules(facility_notice_hours=2)
    rows = facilities_of(case(X, accounts, SETTLES, layers=layers, rules=two))
    assert [(rows[n]["notice_hours"], rows[n]["drawn_centicents"]) for n in ("L1", "L2")] == [
        (2, 10_000),
        (2, 10_000),
    ]


def test_cash_is_what_the_daily_stage_takes_for_it():
    """A's house loses 50 with margin of 50: 20 in cash, 60 in crypto, worth 30 after the haircut.
    The library says that crypto pays at once and cash does not."""
    accounts = [("A1", True, [10_000], [0], 50_000_000), ("B", True, [-10_000], [0], 0)]
    collateral = {"cash": [20_000_000, 0, 0, 0], "crypto": [60_000_000, 0, 0, 0]}
    own = record("liquidity", facility_notice_hours=1, liquid_assets=["crypto"])
    found = case(X, accounts, SETTLES, layers=(), collateral=collateral, liquid=own)
    rows = facilities_of(found)
    assert rows["cash of the defaulter"]["capacity_centicents"] == 300_000
    assert rows["other collateral of the defaulter"]["capacity_centicents"] == 200_000


# -- cascade: the path of prices -------------------------------------------------------------


def test_the_price_path_by_round():
    """X falls to 0.30 and a day trades 100 contracts, with an impact of 10 cents for as many.

    Maintenance is 0.8 of what can be lost. B, long 50, had 10 and lost 10: it has 0 and needs
    12. It falls in round 1 and sells 50, which lowers X by 0.05 to 0.25. C, long 50, had 23: 13
    are left against 12, and 10.50 against 10 at 0.25: it stands. C's customer, long 20, had 8.90:
    4.90 are left against 4.80, but at 0.25 3.90 against 4: it falls in round 2 and sells 20, X is
    at 0.23. There C has 9.50 against 9.20: it stands. All are sold at the last prices: B loses 50 x
    0.07 and owes as much; the customer loses 20 x 0.07 of its 4.90 of equity and owes nothing.
    """
    accounts = [
        ("A1", True, [0], [0], 0),
        ("B", True, [5_000], [0], 25_000_000),
        ("C", True, [5_000], [0], 25_000_000),
        ("C", False, [2_000], [0], 10_000_000),
    ]
    cash = [0, 0, 10_000_000, 0, 23_000_000, 0, 8_900_000, 0]
    found = case(X, accounts, FALLS, collateral={"cash": cash})
    found = replace(found, held=replace(found.held, liquidity=liquidity(1, volume=10_000.0)))
    record = cascade_record(found)
    steps = [
        {
            "round": number,
            "accounts": 1,
            "markets_moved": 1,
            "loss_micros": loss,
            "deficit_micros": deficit,
            "prices": [{"ticker": "X-1", "sell_centicents": price, "buy_centicents": 3_000}],
        }
        for number, loss, deficit, price in (
            (1, 3_500_000, 3_500_000, 2_500),
            (2, 1_400_000, 0, 2_300),
        )
    ]
    assert record["path"] == steps
    assert record["prices"][0]["sell_centicents"] == 2_300
    empty = {"contagion": {}, "liquidity": {"outflows": [], "facilities": []}}
    tables = {part.title: part for part in aftermath_section({"cascade": record} | empty).items}
    rounds = tables["Rounds of forced liquidations"].rows
    assert [tuple(map(str, row)) for row in rounds] == [
        ("1", "1", "1", "3.500000", "3.500000"),
        ("2", "1", "1", "1.400000", "0.000000"),
    ]
