"""The auction of a drill: bids of the feed or simulated bids, and the cost.

Belongs here: which bids count, and the loss of each lot in whole centicents. Awards and the order
of payment are ``model/default/auction``.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from reporting.model.default.auction import AuctionResult, Bid, run_auction
from reporting.model.default.bidding import BiddingRule, simulated_bids
from reporting.model.default.waterfall import pro_rata
from reporting.studies.default_drill.case import Case
from reporting.studies.default_drill.close_out import HOUSE, Closing, SaleLot
from reporting.units import (
    MICROS_PER_CENTICENT,
    UnitError,
    integer_from_text,
)

FEED, SIMULATED = "feed", "SIMULATED"
_MICROS = 6


@dataclass(frozen=True)
class LotCost:
    """Cost of a lot in centicents, negative for a gain. sale: sold below its mark; market:
    close-out of the unsold part."""

    sale: int
    market: int

    @property
    def total(self) -> int:
        return self.sale + self.market


@dataclass(frozen=True)
class Auction:
    """source: FEED or SIMULATED. refused: bids that do not count, with the reason. costs: by
    lot, in the order of the lots."""

    source: str
    bids: list[Bid]
    refused: list[dict]
    result: AuctionResult
    costs: list[LotCost]

    def house_cost(self, closing: Closing) -> int:
        """Centicents that the auction costs the house."""
        return sum(
            cost.total
            for lot, cost in zip(closing.lots, self.costs, strict=True)
            if lot.side == HOUSE
        )

    def customer_costs(self, closing: Closing) -> dict[int, int]:
        """Centicents by customer book; they sum to the cost of the customers' lots."""
        costs: dict[int, int] = {}
        for lot, cost in zip(closing.lots, self.costs, strict=True):
            for book, amount in _shared(lot.shares, cost.total).items():
                costs[book] = costs.get(book, 0) + amount
        return costs


def _shared(shares: Mapping[int, int], amount: int) -> dict[int, int]:
    """An amount of either sign, pro rata to shares that may be smaller than it."""
    if not shares:
        return {}
    total = sum(shares.values())
    whole, rest = divmod(abs(amount), total)
    parts = pro_rata(rest, shares)
    sign = -1 if amount < 0 else 1
    return {book: sign * (whole * share + parts[book]) for book, share in shares.items()}


def hold_auction(case: Case, closing: Closing) -> Auction:
    """Run the auction of the lots."""
    lots = [sale.lot for sale in closing.lots]
    rows = case.day.read("studies/default_drill/bids", auction_id=case.drill_id).fetchall()
    if rows:
        bids, refused = _of_feed(case, closing, rows)
        source = FEED
    else:
        rules = case.rules
        rule = BiddingRule(
            rules.bid_seed,
            rules.bid_participation_bps,
            rules.bid_left_out_bps,
            rules.bid_least_discount_bps,
            rules.bid_most_discount_bps,
            rules.bid_least_share_bps,
            rules.bid_most_share_bps,
        )
        priced = [(sale.lot, sale.cost) for sale in closing.lots]
        bids, refused, source = simulated_bids(case.drill_id, priced, rule), [], SIMULATED
    result = run_auction(lots, bids)
    costs = [
        _cost(sale, outcome.loss, outcome.unsold)
        for sale, outcome in zip(closing.lots, result.lots, strict=True)
    ]
    return Auction(source, bids, refused, result, costs)


def _cost(sale: SaleLot, loss: int, unsold: int) -> LotCost:
    """Losses are micros x units of the lot; rounded up, against the defaulter."""
    divisor = sale.lot.qty * MICROS_PER_CENTICENT
    return LotCost(-(-loss // divisor), -(-sale.cost * unsold // divisor))


def _of_feed(case: Case, closing: Closing, rows: list[tuple]) -> tuple[list[Bid], list[dict]]:
    known = {sale.lot.lot_id for sale in closing.lots}
    survivors = {member.member_id for member in case.survivors}
    bids, refused = [], []
    for lot_id, member, price, qty in rows:
        reason = ""
        micros = 0
        try:
            micros = integer_from_text(str(price), _MICROS)
        except UnitError as error:
            reason = str(error)
        if lot_id not in known:
            reason = "no such lot"
        elif member not in survivors:
            reason = "not a surviving member"
        elif qty <= 0:
            reason = "no quantity"
        if reason:
            refused.append({"lot_id": lot_id, "member_id": member, "reason": reason})
        else:
            bids.append(Bid(member, lot_id, qty, micros))
    return bids, refused


def lot_rows(closing: Closing, auction: Auction, tickers: list[str]) -> list[dict]:
    """The lots with their bids, awards and costs. Prices are of the whole lot, micros."""
    rows = []
    for sale, outcome, cost in zip(closing.lots, auction.result.lots, auction.costs, strict=True):
        lot = sale.lot
        rows.append(
            {
                "lot_id": lot.lot_id,
                "side": sale.side,
                "category": sale.category,
                "contracts": {tickers[c]: qty for c, qty in sorted(sale.net.items())},
                "qty": lot.qty,
                "mark_micros": lot.mark,
                "reserve_micros": lot.reserve,
                "close_out_cost_micros": sale.cost,
                "bids_are": auction.source,
                "bids": [
                    {"member_id": bid.member, "qty": bid.qty, "price_micros": bid.price}
                    for bid in auction.bids
                    if bid.lot_id == lot.lot_id
                ],
                "awards": [
                    {"member_id": member, "price_micros": price, "qty": qty}
                    for (member, price), qty in sorted(outcome.awards.items())
                ],
                "sold_qty": outcome.sold,
                "unsold_qty": outcome.unsold,
                "marginal_price_micros": outcome.marginal,
                "sale_loss_centicents": cost.sale,
                "market_loss_centicents": cost.market,
            }
        )
    return rows
