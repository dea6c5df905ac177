"""What follows from the shock: late and disputed calls, a member's default, and its resolution.

On the shock day the house account of a member does not pay. The next day its customers are ported
to another member, its positions are auctioned among the others, and its loss goes through the
layers of the clearing house's resources.
"""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import numpy as np

from reporting.simulator import clock, text
from reporting.simulator.clearing_house.book import Sides
from reporting.simulator.clearing_house.calls import Call
from reporting.simulator.clearing_house.resources import CommonResources
from reporting.simulator.clearing_house.roster import Roster
from reporting.simulator.clearing_house.shock.record import ShockRecord
from reporting.simulator.clearing_house.venue_stress import group_numbers
from reporting.simulator.market.trades import Trades
from reporting.simulator.positions import Positions

_CENT, _DOLLAR_MICROS = 100, 1_000_000
_AUCTION = (10, 30)


@dataclass(frozen=True)
class Auction:
    """The auction of a default: bids as (member number, discount in cents), the best first."""

    auction_id: str
    lot_id: str
    bids: list[tuple[int, int]]
    non_bidders: list[int]


@dataclass
class Default:
    """The default of the member whose fund loses most; a state from day to day.

    ``told``: what happened, for the list beside the data.
    """

    record: ShockRecord
    roster: Roster
    seed: int
    shock_day: date
    told: dict = field(default_factory=dict)
    _disputed: list[Call] = field(default_factory=list)
    _unpaid: int = 0

    def __post_init__(self) -> None:
        self.prop = self.roster.prop
        self.member = int(self.roster.member_of[self.prop])
        group = group_numbers(self.roster)
        others = np.flatnonzero(group != group[self.member])
        rng = np.random.default_rng([self.seed, 13])
        absent = sorted(rng.choice(others, self.record.non_bidders, replace=False).tolist())
        bidders = [n for n in others.tolist() if n not in absent]
        least, most = self.record.discount_cents
        discounts = rng.integers(least, most, len(bidders), endpoint=True).tolist()
        bids = sorted(zip(bidders, discounts, strict=True), key=lambda bid: (bid[1], bid[0]))
        self.auction = Auction(
            f"DEFAULT-{self.shock_day:%Y%m%d}-{self.name(self.member)}",
            f"HOUSE-{self.record.sector}",
            bids,
            absent,
        )

    @property
    def next_day(self) -> date:
        """The day of the auction."""
        return self.shock_day + timedelta(days=1)

    def name(self, member: int) -> str:
        """The member's id."""
        return self.roster.members[member]["member_id"]

    def open_day(self, day: date) -> None:
        """Standing of the member; the day after, its customers are with another member."""
        if day == self.shock_day:
            self.roster.members[self.member]["status"] = "suspended"
        if day == self.next_day:
            self.roster.members[self.member]["status"] = "defaulted"
            receiver = self.auction.bids[0][0]
            moved = np.flatnonzero((self.roster.member_of == self.member) & ~self.roster.house)
            self.roster.member_of[moved] = receiver
            self.told["ported"] = {
                "accounts": [self.roster.account_ids[n] for n in moved.tolist()],
                "to_member": self.name(receiver),
            }

    def shocked(self, day: date, loss: np.ndarray, initial: np.ndarray, owed: int) -> np.ndarray:
        """Take the losses of the shock day in; returns which accounts pay late.

        ``loss`` and ``initial``: by account, of margined positions and before the shock.
        ``owed``: what the member's own account owes in cash.
        """
        beyond = (loss > initial) & (initial > 0)
        self._unpaid = owed
        self.told |= {
            "business_date": day.isoformat(),
            "version": self.record.version,
            "words": self.record.words,
            "accounts_beyond_margin": [
                {
                    "account_id": self.roster.account_ids[n],
                    "loss_centicents": int(loss[n]),
                    "margin_centicents": int(initial[n]),
                }
                for n in np.flatnonzero(beyond).tolist()
            ],
            "defaulted_member": self.name(self.member),
            "defaulted_account": self.roster.account_ids[self.prop],
            "unpaid_centicents": owed,
        }
        beyond[self.prop] = False
        return beyond

    def disturb(self, calls: list[Call], late_time: str) -> list[Call]:
        """The calls of the shock day: the largest met late, the next in dispute."""
        own = self.roster.account_ids[self.prop]
        ranked = sorted(
            (call for call in calls if call.account_id != own),
            key=lambda call: (-call.amount, call.call_id),
        )
        changed = {}
        first, last = self.record.late_calls, self.record.late_calls + self.record.disputed_calls
        for call in ranked[:first]:
            changed[call.call_id] = replace(call, state="late", met_time=late_time)
        for call in ranked[first:last]:
            changed[call.call_id] = replace(
                call, state="disputed", dispute_stage="raised with the risk committee"
            )
        if self.record.disputed_calls and len(ranked) >= last:
            unpaid = ranked[last - 1].call_id
            changed[unpaid] = replace(changed[unpaid], met=0, met_time="")
        for call in calls:
            if call.account_id == own:
                changed[call.call_id] = replace(call, state="issued", met=0, met_time="")
        found = [changed.get(call.call_id, call) for call in calls]
        self._disputed = [call for call in found if call.state in ("disputed", "issued")]
        self.told["late_calls"] = [call.call_id for call in found if call.state == "late"]
        self.told["disputed_calls"] = [c.call_id for c in found if c.state == "disputed"]
        return found

    def closed_calls(self, met_time: str) -> list[Call]:
        """The calls of the shock day that were open, as they ended the day after."""
        ended = []
        for call in self._disputed:
            if call.state == "issued":
                ended.append(replace(call, state="cancelled", reason="the member is in default"))
                continue
            over = replace(call, dispute_stage="closed", dispute_outcome="upheld")
            if call.met_time:
                ended.append(replace(over, state="met"))
            else:
                ended.append(replace(over, state="late", met=call.amount, met_time=met_time))
        return ended

    def auction_trades(self, positions: Positions, marks: np.ndarray) -> tuple[Trades, Sides]:
        """The best bidder takes over the member's own positions, each at its discount."""
        own = ~positions.paid_in_full & (positions.account == self.prop)
        market, qty = positions.market[own], positions.qty[own]
        winner, discount = self.auction.bids[0]
        count = len(market)
        start = clock.new_york(self.next_day, *_AUCTION)
        trades = Trades(
            ids=text.random_ids(np.random.default_rng([self.seed, 15]), count),
            market=market,
            quantity=np.abs(qty),
            price=_bid_prices(marks[market], qty, discount),
            taker_yes=qty > 0,
            micros=start + np.arange(count, dtype=np.int64) * clock.MICROS,
        )
        margined = np.zeros(count, bool)
        sides = Sides(np.full(count, winner), np.full(count, self.prop), margined, margined)
        self.told["auction"] = {
            "auction_id": self.auction.auction_id,
            "winner": self.name(winner),
            "discount_cents": discount,
            "non_bidders": [self.name(n) for n in self.auction.non_bidders],
            "contracts_qty": int(np.abs(qty).sum()),
        }
        self._rows = [
            (
                self.auction.auction_id,
                self.auction.lot_id,
                self.name(member),
                _micros(int((qty * _bid_prices(marks[market], qty, cents)).sum())),
                text.hundredths(int(np.abs(qty).sum())),
            )
            for member, cents in sorted(self.auction.bids)
        ]
        return trades, sides

    def bid_rows(self) -> list[tuple]:
        """Rows of the bids stream."""
        return self._rows

    def resolve(self, resources: CommonResources, seized: int, cost: int) -> None:
        """The loss goes through the layers; ``seized``: collateral, ``cost``: of the auction."""
        loss = max(0, self._unpaid + cost - seized)
        used = resources.absorb(loss, self.member, self.auction.non_bidders)
        self.told |= {
            "seized_centicents": seized,
            "auction_cost_centicents": cost,
            "loss_beyond_margin_centicents": loss,
            "used_centicents": used,
        }


def _bid_prices(marks: np.ndarray, qty: np.ndarray, discount: int) -> np.ndarray:
    """The mark less the discount for a long, and more for a short; 1 to 99 cents."""
    return np.clip(marks - np.sign(qty) * discount * _CENT, _CENT, 99 * _CENT)


def _micros(value: int) -> str:
    sign = "-" if value < 0 else ""
    return f"{sign}{abs(value) // _DOLLAR_MICROS}.{abs(value) % _DOLLAR_MICROS:06d}"
