"""Two defaults of the past, from published figures: who paid what."""

from fractions import Fraction as F

from reporting.model.default.auction import Bid, Lot, run_auction
from reporting.model.default.replenishment import replenish
from reporting.model.default.silos import HOUSE, Silo, house_covers_all, run_silos
from reporting.model.default.waterfall import Layer, run_waterfall

# Nasdaq Clearing, September 2018: a member with a spread of Nordic and German power. Millions of
# euros, Nasdaq's notices of 12 to 17 September 2018 as reported by Reuters: loss beyond the
# member's own margin and contribution 114; junior capital 7; members' fund 166, 107 of it used
# and paid in again in full. The fund's parts by member are not public.
NORDIC_LOSS, JUNIOR_CAPITAL, MEMBERS_FUND = 114, 7, 166


def test_nordic_power_2018():
    found = run_waterfall(NORDIC_LOSS, [
        Layer("junior capital", "capacity", capacity=JUNIOR_CAPITAL),
        Layer("members' fund", "capacity", capacity=MEMBERS_FUND),
    ])  # fmt: skip
    assert [layer.used for layer in found.layers] == [7, 107]
    assert [layer.remaining for layer in found.layers] == [0, 59]
    assert found.unallocated == 0
    paid_in = replenish({"members": 166}, {"members": 59}, F(1), {})
    assert (paid_in.due, paid_in.open_) == ({"members": 107}, {"members": 0})


def test_nordic_power_2018_in_the_other_order():
    """Where members pay before the clearing house, its capital is not touched."""
    found = run_waterfall(NORDIC_LOSS, [
        Layer("members' fund", "capacity", capacity=MEMBERS_FUND),
        Layer("own capital", "capacity", capacity=JUNIOR_CAPITAL),
    ])  # fmt: skip
    assert [layer.used for layer in found.layers] == [114, 0]


# CME, 18 September 2008: house positions of Lehman Brothers Inc. sold in five portfolios. Millions
# of dollars, report of the examiner A. R. Valukas (2010), volume 5, as tabulated by J. R. Varma,
# "Lehman and the Derivative Exchanges", 17 April 2010: option value owed at the close before,
# collateral (it and the SPAN risk margin), what the clearing house paid the buyer, buyer.
LEHMAN = {
    "energy": (372, 633, 707, "Barclays"),
    "foreign exchange": (-4, 8, 2, "DRW"),
    "interest rates": (93, 223, 333, "DRW"),
    "equity": (-5, 732, 445, "Goldman Sachs"),
    "agricultural": (-5, 50, 52, "DRW"),
}


def test_lehman_2008_pooled_the_collateral_was_enough():
    silos = [Silo(name, HOUSE, paid, held) for name, (_, held, paid, _) in LEHMAN.items()]
    found = run_silos(silos, house_covers_all(silos), [])
    assert sum(found.shortfall.values()) == 0
    assert sum(found.surplus.values()) == 1646 - 1539 == 107
    # what crossed: 74 + 110 + 2, out of 6 + 287
    crossed = [flow.amount for flow in found.flows if flow.source != flow.target]
    assert sum(crossed) == 186


def test_lehman_2008_in_silos_three_of_five_fell_short():
    silos = [Silo(name, HOUSE, paid, held) for name, (_, held, paid, _) in LEHMAN.items()]
    found = run_silos(silos, [], [])
    assert found.shortfall == {
        "energy": 74,
        "foreign exchange": 0,
        "interest rates": 110,
        "equity": 0,
        "agricultural": 2,
    }
    assert found.surplus["equity"] == 287
    assert found.surplus["foreign exchange"] == 6
    assert found.unallocated == found.shortfall


def test_lehman_2008_auction_prices():
    """Buyers were paid: prices are negative. The loss is against the close before."""
    lots = [Lot(name, 1, -owed) for name, (owed, _, _, _) in LEHMAN.items()]
    bids = [Bid(buyer, name, 1, -paid) for name, (_, _, paid, buyer) in LEHMAN.items()]
    found = run_auction(lots, bids)
    assert [lot.loss for lot in found.lots] == [335, 6, 240, 450, 57]
    assert found.loss == 1088
