"""Tear-up in a drill, on books made by hand: which contracts end, and how many of them."""

from dataclasses import replace

from support.default_cases import FALLS, FundDay, X, case, drilled, rules
from support.waterfalls import layer

from reporting.model.stress.events import CloseOut
from reporting.packs.drill_record.loss import members_section
from reporting.studies.default_drill.sections import tear_up_section

NO_SALE = rules(hedge_most_trades=0, bid_participation_bps=0)
FREE = replace(FALLS, close_out=CloseOut((9,), 10_000, 0))
"""X falls from 0.50 to 0.30, and closing out costs nothing."""


def torn(found):
    *_, done = drilled(found)
    return done, {row["layer_type"]: row for row in tear_up_section(done)}


def test_the_share_of_the_contracts_ends_that_the_loss_needs():
    """A's house, long 100, loses 20, of which own capital takes 19. Ending all 100 would cost B,
    short 100, 20: the 1 that is open is a twentieth of it, so 5 contracts end."""
    accounts = [("A1", True, [10_000], [0], 0), ("B", True, [-10_000], [0], 0)]
    layers = (layer(1, "own_capital", 190_000),)
    done, rows = torn(case(X, accounts, FREE, layers=layers, rules=NO_SALE))
    assert done.used("partial_tear_up") == {"B": 10_000}
    assert rows["partial_tear_up"] == {
        "layer_type": "partial_tear_up",
        "share": "1/20",
        "contracts": {"X-1": {"B": 500}},
        "claims_micros": {"B": 1_000_000},
    }


def test_a_share_is_rounded_up_to_whole_units_and_spread_by_holding():
    """As before, with 19.9950 of own capital: 0.0050 of 20 is 1 in 4,000 of 10,000 units: 2.5, so
    3 end. B and C are short 75 and 25: 2.25 and 0.75 units, 2 and 1 in whole ones."""
    accounts = [
        ("A1", True, [10_000], [0], 0),
        ("B", True, [-7_500], [0], 0),
        ("C", True, [-2_500], [0], 0),
    ]
    layers = (layer(1, "own_capital", 199_950),)
    _, rows = torn(case(X, accounts, FREE, layers=layers, rules=NO_SALE))
    assert rows["partial_tear_up"]["share"] == "1/4000"
    assert rows["partial_tear_up"]["contracts"] == {"X-1": {"B": 2, "C": 1}}


def test_what_was_sold_or_hedged_is_not_torn_up():
    """B takes 60 of the 100 in the auction, at the mark of the lot, 30: 40 are open. They are worth
    8 to who is short of them; the loss is 20 all the same, so 12 are left for the full tear-up,
    which ends all contracts: B's gain of 20, of which 8 are gone already."""
    day = FundDay([("HOUSE-Weather", "B", "30", 6_000)], [("B", 200)])
    accounts = [("A1", True, [10_000], [0], 0), ("B", True, [-10_000], [0], 0)]
    done, rows = torn(case(X, accounts, FREE, layers=(), rules=NO_SALE, day=day))
    assert rows["partial_tear_up"]["contracts"] == {"X-1": {"B": 4_000}}
    assert rows["partial_tear_up"]["share"] == "1/1"
    assert done.used("partial_tear_up") == {"B": 80_000}
    assert rows["full_tear_up"]["contracts"] == {"X-1": {"B": 10_000}}
    assert done.used("full_tear_up") == {"B": 120_000}
    assert done.unallocated == 0


def test_where_all_was_sold_nothing_is_left_to_tear_up_in_part():
    day = FundDay([("HOUSE-Weather", "B", "30", 10_000)], [("B", 200)])
    accounts = [("A1", True, [10_000], [0], 0), ("B", True, [-10_000], [0], 0)]
    done, rows = torn(case(X, accounts, FREE, layers=(), rules=NO_SALE, day=day))
    assert set(rows) == {"full_tear_up"}
    assert done.used("full_tear_up") == {"B": 200_000}


def test_hedges_leave_less_to_tear_up():
    """A quarter of the 500 units a day may be sold as a hedge at no cost: 125, or 1.25 contracts,
    are gone; 98.75 are open."""
    accounts = [("A1", True, [10_000], [0], 0), ("B", True, [-10_000], [0], 0)]
    hedged = rules(hedge_most_trades=1, bid_participation_bps=0)
    _, rows = torn(case(X, accounts, FREE, layers=(), rules=hedged))
    assert rows["partial_tear_up"]["contracts"] == {"X-1": {"B": 9_875}}


def test_house_and_customers_offset_each_other():
    """A's house is long 100, its customer short 30, and neither is sold: 70 are left to end."""
    accounts = [
        ("A1", True, [10_000], [0], 0),
        ("A1", False, [-3_000], [0], 0),
        ("B", True, [-7_000], [0], 0),
    ]
    done, rows = torn(case(X, accounts, FREE, layers=(), rules=NO_SALE))
    assert rows["partial_tear_up"]["contracts"] == {"X-1": {"B": 7_000}}
    assert done.used("partial_tear_up") == {"B": 140_000}


def test_the_pdf_lists_the_contracts_that_end():
    """5 of the 100, which is 5 %."""
    accounts = [("A1", True, [10_000], [0], 0), ("B", True, [-10_000], [0], 0)]
    layers = (layer(1, "own_capital", 190_000),)
    done, _ = torn(case(X, accounts, FREE, layers=layers, rules=NO_SALE))
    record = {
        "waterfall": {"layers": []},
        "replenishment": [],
        "tear_up": tear_up_section(done),
    }
    tables = {part.title: part for part in members_section(record).items}
    cells = tables["Contracts torn up"].rows
    assert [tuple(map(str, row)) for row in cells] == [
        ("partial tear up", "5.00%", "X-1", "B", "5")
    ]
