"""Members that cannot pay the clearing house after a default, and what others then receive.

Belongs here: from the case and its allocation to the network of ``model/default/clearing``, and
its part of the record. It does not change who bears the loss; it shows possible consequences.
"""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from reporting.model.default.clearing import Clearing, Network, clear
from reporting.model.default.tear_up import TearUp
from reporting.model.default.waterfall import ASSESSMENT, CUTS, GAINS_HAIRCUT, pro_rata
from reporting.studies.default_drill.allocation import Allocation
from reporting.studies.default_drill.case import Case
from reporting.units import BPS, MICROS_PER_CENTICENT

MOST_MEMBERS = 60
"""With more members than this, clearing is skipped: exact payments would take too long."""
_STANDS_AFTER = ("own_capital", "insurance", "survivors_fund")


@dataclass(frozen=True)
class Others:
    """The clearing house and those outside the network, centicents: customers, the defaulter,
    bidders and the market, and the layers that were used. left: layers not used up."""

    pay: int
    are_owed: int
    left: int


@dataclass(frozen=True)
class Contagion:
    """The clearing house is the last of the nodes; amounts are centicents."""

    members: list[str]
    network: Network
    clearing: Clearing
    others: Others


def run_contagion(case: Case, allocation: Allocation) -> Contagion | None:
    """Survivors and the clearing house, which owe each other; None for too many members.

    A member owes its house's loss in the scenario, its assessments, and its replenishment, which
    is for the next default and pays nobody in this one. It owns its house's collateral; collateral
    behind fully collateralised positions counts only up to their loss. The feed reports nothing
    else. The clearing house owes a member its house's gain less haircut and tear-up. It owns what
    members and others pay it, and the layers that are left.
    """
    members = [member.member_id for member in case.survivors]
    if len(members) > MOST_MEMBERS:
        return None
    net = _net(case, allocation)
    worth = sum(case.collateral_worth.values(), np.zeros(len(net), dtype=np.int64))
    # Collateral behind fully collateralised positions pays their loss and stays there otherwise.
    lost = np.maximum(case.defaulter.losses, 0)
    behind = np.where(case.held.accounts.margined, worth, np.minimum(worth, lost))
    assessed = allocation.used(ASSESSMENT)
    owed, gets, has = {}, {}, {}
    house = ~case.in_group & case.is_house
    for member in members:
        books = house & _books_of(case, member)
        # The books of a house net; a loss is rounded up, a gain down.
        of_house = int(net[books].sum())
        owed[member] = max(0, -of_house) + assessed.get(member, 0)
        gets[member] = max(0, of_house)
        has[member] = int(behind[books].sum()) // MICROS_PER_CENTICENT
    others = _others(case, allocation, net)
    zero = Fraction(0)
    liabilities = [[zero] * len(members) + [Fraction(owed[member])] for member in members]
    liabilities.append([Fraction(gets[member]) for member in members] + [zero])
    back = [Fraction(allocation.replenishment.due.get(member, 0)) for member in members]
    network = Network(
        liabilities,
        [*(Fraction(has[member]) for member in members), Fraction(others.pay + others.left)],
        [*back, Fraction(others.are_owed)],
        alpha=Fraction(case.rules.failed_assets_left_bps, BPS),
        beta=Fraction(case.rules.failed_receipts_left_bps, BPS),
    )
    return Contagion(members, network, clear(network), others)


def _books_of(case: Case, member: str) -> np.ndarray:
    return np.repeat(
        np.array([member_id == member for member_id in case.book.member_ids], dtype=bool), 2
    )


def _net(case: Case, allocation: Allocation) -> np.ndarray:
    """By book, centicents: the survivors' gain after cuts, losses negative; 0 for the group."""
    net = np.where(case.in_group, 0, -case.defaulter.losses // MICROS_PER_CENTICENT)
    cuts = [(allocation.used(GAINS_HAIRCUT), np.maximum(-case.defaulter.losses, 0))]
    for layer_type, tear_up in allocation.tear_ups.items():
        cuts.append((allocation.used(layer_type), _gained(case, tear_up)))
    for by_member, gains in cuts:
        for member, amount in by_member.items():
            books = np.flatnonzero(_books_of(case, member)).tolist()
            for book, part in pro_rata(amount, {b: int(gains[b]) for b in books}).items():
                net[book] -= part
    return net


def _gained(case: Case, tear_up: TearUp) -> np.ndarray:
    """By book, micros: gains in contracts that were torn up, wholly or in part."""
    held = case.held.positions
    gain = held.qty * (case.price - case.held.market.marks)[held.contract]
    ended = {ticker for ticker, members in tear_up.contracts.items() if any(members.values())}
    torn = case.is_open & np.array([ticker in ended for ticker in case.tickers], dtype=bool)
    rows = np.flatnonzero(torn[held.contract] & (gain > 0))
    gained = np.zeros(len(case.loss), dtype=np.int64)
    np.add.at(gained, held.account[rows], gain[rows])
    return gained


def _others(case: Case, allocation: Allocation, net: np.ndarray) -> Others:
    """Customers pay their losses, which their members guarantee. If everybody pays, the clearing
    house keeps the unused layers and lacks the unallocated loss."""
    losses = allocation.losses
    customers = net[~case.is_house]
    pay, owed = int(np.maximum(-customers, 0).sum()), int(np.maximum(customers, 0).sum())
    # Positions without another side in the books, and claims of a reversal.
    flows = [-(int(case.loss.sum()) // MICROS_PER_CENTICENT)]
    # Bidders and the market.
    flows.append(-sum(losses.closing.values()))
    # The defaulter: the assets that met a loss, and the gains that met none.
    for silo in losses.market:
        used = sum(flow.amount for flow in allocation.result.flows if flow.source == silo)
        flows.append(used - max(0, -losses.of(silo)))
    left = 0
    for layer, done in zip(allocation.layers, allocation.result.layers, strict=True):
        if done.result.layer_type not in (ASSESSMENT, *CUTS):
            flows.append(done.result.used)
        if layer.layer_type in _STANDS_AFTER:
            left += done.result.remaining
    pay += sum(max(0, flow) for flow in flows)
    owed += sum(max(0, -flow) for flow in flows)
    return Others(pay, owed, left)


def contagion_record(case: Case, allocation: Allocation) -> dict:
    """The section of the record: what each member owes, is paid, pays and lacks."""
    contagion = run_contagion(case, allocation)
    if contagion is None:
        return {"left_out": f"more than {MOST_MEMBERS} members"}
    rows = []
    for number, member in enumerate(contagion.members):
        back = contagion.network.external_liabilities[number]
        owed = int(contagion.network.liabilities[number][-1] + back)
        paid = int(contagion.clearing.payments[number])
        rows.append(
            {
                "member_id": member,
                "known_collateral_centicents": int(contagion.network.external_assets[number]),
                "owes_centicents": owed,
                "is_owed_centicents": int(contagion.network.liabilities[-1][number]),
                "is_paid_centicents": int(contagion.clearing.received[number]),
                "pays_centicents": paid,
                "short_centicents": owed - paid,
                "lost_centicents": int(contagion.clearing.lost[number]),
                "fails_in_round": contagion.clearing.round_of[number],
            }
        )
    return {
        "knows": "collateral of the house only; members' other assets are not in the feed",
        "clearing_house_fails": bool(contagion.clearing.round_of[-1]),
        "clearing_house": {
            "has_from_others_centicents": contagion.others.pay,
            "layers_left_centicents": contagion.others.left,
            "owes_members_centicents": int(sum(contagion.network.liabilities[-1])),
            "owes_others_centicents": contagion.others.are_owed,
            "pays_centicents": int(contagion.clearing.payments[-1]),
            "lost_centicents": int(contagion.clearing.lost[-1]),
        },
        "rounds": contagion.clearing.rounds,
        "members": rows,
    }
