"""Default auction: lots, bids, reserve prices, awards and juniorisation.

Belongs here: the award, and the tranches of the survivors' guaranty fund layer of
``waterfall``. Juniorisation follows CPMI-IOSCO, "Central counterparty default management
auctions: issues for consideration" (2020). Prices are integers per unit, negative if the buyer
is paid.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reporting.model.default.waterfall import pro_rata
from reporting.model.errors import ModelError

NO_BID = "no bid"
INCOMPLETE = "left out a lot"
LOST = "won nothing"
WON = "won"
CONDUCT = (NO_BID, INCOMPLETE, LOST, WON)
"""In the order in which members pay, first to last."""


@dataclass(frozen=True)
class Lot:
    """Part of the defaulter's book.

    qty: units for sale, above 0; mark: price at the last settlement; reserve: minimum accepted
    price, None for any; bidders: members obliged to bid.
    """

    lot_id: str
    qty: int
    mark: int
    reserve: int | None = None
    bidders: tuple[str, ...] = ()


@dataclass(frozen=True)
class Bid:
    """A member's offer to take up to qty units of a lot at a price per unit."""

    member: str
    lot_id: str
    qty: int
    price: int


@dataclass(frozen=True)
class LotResult:
    """Result of a lot.

    awards: quantity by (member, price). marginal: lowest accepted price; if nothing was sold,
    the reserve or None. loss: mark value less proceeds of the sold units, negative for a gain;
    unsold units have no loss yet.
    """

    lot_id: str
    awards: dict[tuple[str, int], int]
    sold: int
    unsold: int
    proceeds: int
    loss: int
    marginal: int | None


@dataclass(frozen=True)
class AuctionResult:
    """Result of the auction.

    conduct: one of CONDUCT for each member that had to bid or did bid. tranches: the order in
    which contributions pay, worst conduct first.
    """

    lots: tuple[LotResult, ...]
    conduct: dict[str, str]
    tranches: tuple[tuple[str, ...], ...]

    @property
    def loss(self) -> int:
        """Loss against the marks on all units sold."""
        return sum(lot.loss for lot in self.lots)


def run_auction(lots: Sequence[Lot], bids: Sequence[Bid]) -> AuctionResult:
    """Award best prices first, pay-as-bid; equal prices share pro rata by quantity.

    Tranches in order: members that bid for no lot; members that left out a lot they had to bid
    for; members that won nothing; winners. The two middle groups are ordered by how far their
    best bids were below the marginal prices, in money over all lots they bid for, farthest
    first. The order of bids does not matter. Raises ModelError naming the field.
    """
    _check(lots, bids)
    results = tuple(_sell(lot, [bid for bid in bids if bid.lot_id == lot.lot_id]) for lot in lots)
    members = {m for lot in lots for m in lot.bidders} | {bid.member for bid in bids}
    keys = {member: _rank(member, lots, results, bids) for member in sorted(members)}
    tranches = tuple(
        tuple(member for member in keys if keys[member] == key)
        for key in sorted(set(keys.values()))
    )
    return AuctionResult(results, {m: CONDUCT[key[0]] for m, key in keys.items()}, tranches)


def fund_tranches(
    result: AuctionResult, contributions: Mapping[str, int]
) -> tuple[tuple[str, ...], ...]:
    """The auction's tranches restricted to contributing members, plus all other contributors.

    Members outside the auction pay just before the winners: they neither failed to bid nor took
    anything over.
    """
    in_auction = {member for tranche in result.tranches for member in tranche}
    others = tuple(sorted(set(contributions) - in_auction))
    of_fund = [tuple(m for m in tranche if m in contributions) for tranche in result.tranches]
    if result.tranches and result.conduct[result.tranches[-1][0]] == WON:
        ordered = [*of_fund[:-1], others, of_fund[-1]]
    else:
        ordered = [*of_fund, others]
    return tuple(tranche for tranche in ordered if tranche)


def _sell(lot: Lot, bids: Sequence[Bid]) -> LotResult:
    offered: dict[int, dict[str, int]] = {}
    for bid in bids:
        if lot.reserve is None or bid.price >= lot.reserve:
            level = offered.setdefault(bid.price, {})
            level[bid.member] = level.get(bid.member, 0) + bid.qty
    awards: dict[tuple[str, int], int] = {}
    unsold, marginal = lot.qty, lot.reserve
    for price in sorted(offered, reverse=True):
        if not unsold:
            break
        parts = pro_rata(unsold, offered[price])
        awards.update({(member, price): qty for member, qty in parts.items() if qty})
        unsold -= sum(parts.values())
        marginal = price
    sold = lot.qty - unsold
    proceeds = sum(price * qty for (_, price), qty in awards.items())
    loss = sold * lot.mark - proceeds
    return LotResult(lot.lot_id, awards, sold, unsold, proceeds, loss, marginal)


def _rank(
    member: str, lots: Sequence[Lot], results: Sequence[LotResult], bids: Sequence[Bid]
) -> tuple[int, int]:
    """Index of the conduct, then minus the amount by which the best bids were too low."""
    best: dict[str, int] = {}
    for bid in bids:
        if bid.member == member:
            best[bid.lot_id] = max(bid.price, best.get(bid.lot_id, bid.price))
    if not best:
        return CONDUCT.index(NO_BID), 0
    if any(member in lot.bidders and lot.lot_id not in best for lot in lots):
        conduct = INCOMPLETE
    elif any(winner == member for lot in results for winner, _ in lot.awards):
        return CONDUCT.index(WON), 0
    else:
        conduct = LOST
    gap = 0
    for lot, result in zip(lots, results, strict=True):
        if lot.lot_id in best and result.marginal is not None:
            gap += max(0, result.marginal - best[lot.lot_id]) * lot.qty
    return CONDUCT.index(conduct), -gap


def _check(lots: Sequence[Lot], bids: Sequence[Bid]) -> None:
    known: set[str] = set()
    for number, lot in enumerate(lots):
        if lot.lot_id in known:
            raise ModelError(f"lots[{number}].id", f"{lot.lot_id!r} is named twice")
        if lot.qty <= 0:
            raise ModelError(f"lots[{number}].qty", "must be above 0")
        known.add(lot.lot_id)
    for number, bid in enumerate(bids):
        if bid.lot_id not in known:
            raise ModelError(f"bids[{number}].lot_id", f"{bid.lot_id!r} is not one of the lots")
        if bid.qty <= 0:
            raise ModelError(f"bids[{number}].qty", "must be above 0")
