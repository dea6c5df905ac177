"""Simulated bids of a default auction, by a reproducible rule.

Belongs here: hypothetical bids for drills in which members are not asked to bid. Every document
that shows such a bid must call it simulated. Source: docs/default-management.md, "How to run a
drill".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from reporting.model.default.auction import Bid, Lot
from reporting.model.errors import ModelError
from reporting.units import BPS


@dataclass(frozen=True)
class BiddingRule:
    """The bidding rule, in basis points except the seed.

    participation: probability that a member takes part; left_out: probability that a
    participant leaves out a lot; discounts: from the mark, as a share of the lot's close-out
    cost; shares: of the lot's quantity.
    """

    seed: int
    participation: int
    left_out: int
    min_discount: int
    max_discount: int
    min_share: int
    max_share: int


def draw(seed: int, auction_id: str, lot_id: str, member: str, purpose: str, choices: int) -> int:
    """An integer from 0 to choices - 1, the same on every machine.

    The first 16 bytes of the SHA-256 of "seed|auction|lot|member|purpose", big-endian, modulo
    choices.
    """
    if choices < 1:
        raise ModelError("choices", "must be above 0")
    text = "|".join((str(seed), auction_id, lot_id, member, purpose))
    return int.from_bytes(sha256(text.encode()).digest()[:16], "big") % choices


def simulated_bids(
    auction_id: str, lots: Sequence[tuple[Lot, int]], rule: BiddingRule
) -> list[Bid]:
    """Simulated bids: at most one per bidder and lot. lots: each with its close-out cost.

    The cost is in the unit of the mark. Draws: "takes part" (one for the whole auction, true if
    below participation), "leaves out" (true if below left_out), "discount" and "share" (uniform
    from minimum to maximum). The price is the mark less the discount, rounded down; the quantity
    is rounded down, at least one unit. Raises ModelError.
    """
    for name in ("discount", "share"):
        if not 0 <= getattr(rule, f"min_{name}") <= getattr(rule, f"max_{name}"):
            raise ModelError(f"min_{name}", f"must lie between 0 and max_{name}")
    bids = []
    for lot, cost in lots:
        if cost < 0:
            raise ModelError("cost", f"lot {lot.lot_id!r}: must not be negative")
        for member in sorted(lot.bidders):
            key = rule.seed, auction_id, lot.lot_id, member
            if draw(rule.seed, auction_id, "", member, "takes part", BPS) >= rule.participation:
                continue
            if draw(*key, "leaves out", BPS) < rule.left_out:
                continue
            span = rule.max_discount - rule.min_discount + 1
            discount = rule.min_discount + draw(*key, "discount", span)
            share = rule.min_share + draw(*key, "share", rule.max_share - rule.min_share + 1)
            price = lot.mark - -(-cost * discount // BPS)
            bids.append(Bid(member, lot.lot_id, max(1, lot.qty * share // BPS), price))
    return bids
