"""Simulated bids of a default auction, by a rule that everybody can work out again.

Belongs here: what stands in for bids where nobody was asked for any. Whoever prints such a
bid says that it is simulated. Source: docs/default-management.md, "How to run a drill".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from reporting.model.default.auction import Bid, Lot
from reporting.model.errors import ModelError
from reporting.units import BPS


@dataclass(frozen=True)
class BiddingRule:
    """Basis points. participation: chance that a member takes part; left_out: chance that one
    who does leaves out a lot; discounts: from the mark, as a share of what closing the lot out
    costs; shares: of the lot that is bid for."""

    seed: int
    participation: int
    left_out: int
    least_discount: int
    most_discount: int
    least_share: int
    most_share: int


def draw(seed: int, auction_id: str, lot_id: str, member: str, what: str, choices: int) -> int:
    """A whole number from 0 to choices - 1, the same on every machine.

    The first 16 bytes of the SHA-256 of "seed|auction|lot|member|what", most significant
    first, modulo choices.
    """
    if choices < 1:
        raise ModelError("choices", "must be above 0")
    text = "|".join((str(seed), auction_id, lot_id, member, what))
    return int.from_bytes(sha256(text.encode()).digest()[:16], "big") % choices


def simulated_bids(
    auction_id: str, lots: Sequence[tuple[Lot, int]], rule: BiddingRule
) -> list[Bid]:
    """At most one bid of each bidder for each lot; every lot stands with what closing it
    out costs, in the unit of its mark.

    The draws are called "takes part" (of the whole auction, without a lot: if below the
    participation), "leaves out" (if below left_out), "discount" and "share" (each uniform from
    least to most). The price is the mark less the discount, rounded down;
    the quantity is rounded down, at least one unit. Raises ModelError.
    """
    for name in ("discount", "share"):
        if not 0 <= getattr(rule, f"least_{name}") <= getattr(rule, f"most_{name}"):
            raise ModelError(f"least_{name}", f"must lie between 0 and most_{name}")
    found = []
    for lot, cost in lots:
        if cost < 0:
            raise ModelError("cost", f"lot {lot.lot_id!r}: must not be negative")
        for member in sorted(lot.bidders):
            key = rule.seed, auction_id, lot.lot_id, member
            if draw(rule.seed, auction_id, "", member, "takes part", BPS) >= rule.participation:
                continue
            if draw(*key, "leaves out", BPS) < rule.left_out:
                continue
            span = rule.most_discount - rule.least_discount + 1
            discount = rule.least_discount + draw(*key, "discount", span)
            share = rule.least_share + draw(*key, "share", rule.most_share - rule.least_share + 1)
            price = lot.mark - -(-cost * discount // BPS)
            found.append(Bid(member, lot.lot_id, max(1, lot.qty * share // BPS), price))
    return found
