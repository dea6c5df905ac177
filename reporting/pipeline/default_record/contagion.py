"""Members that cannot pay the clearing house after a default, and what that leaves for others.

Belongs here: from the case and its allocation to the network of ``model/default/clearing`` and
its part of the record. It changes nothing of who bears the loss; it shows what may come next.
"""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from reporting.model.default.clearing import Clearing, Network, clear
from reporting.pipeline.default_record.allocation import Allocation
from reporting.pipeline.default_record.case import Case
from reporting.pipeline.drill import survivor_gains
from reporting.units import MICROS_PER_CENTICENT, centicents_from_micros_up

MOST_MEMBERS = 60
"""More members than this are not cleared: exact payments would take too long."""


@dataclass(frozen=True)
class Contagion:
    """The clearing house is the last of the nodes; amounts are centicents."""

    members: list[str]
    network: Network
    clearing: Clearing


def run_contagion(case: Case, allocation: Allocation) -> Contagion | None:
    """Survivors and the clearing house, each owing the other; None for too many members.

    A member owes its house's loss in the scenario, its assessments and its replenishment, and
    has its house's collateral, of that behind positions held in full as much as these lose: the
    feed knows of nothing else. The clearing house owes it its
    house's gain after the haircut, and has what members owe it and the layers that are left.
    """
    members = [member.member_id for member in case.survivors]
    if len(members) > MOST_MEMBERS:
        return None
    due = {member: allocation.replenishment.due.get(member, 0) for member in members}
    for member, amount in allocation.used("assessment").items():
        due[member] += amount
    worth = sum(case.collateral_worth.values(), np.zeros(len(case.loss), dtype=np.int64))
    has, gain = dict.fromkeys(members, 0), dict.fromkeys(members, 0)
    loss = dict.fromkeys(members, 0)
    for book in np.flatnonzero(~case.in_group & case.is_house).tolist():
        member = case.book.member_ids[book // 2]
        # What is behind positions held in full pays what these lose, and stays there else.
        behind = int(worth[book])
        margined = bool(case.held.accounts.margined[book])
        lost = max(0, int(case.defaulter.losses[book]))
        has[member] += behind if margined else min(behind, lost)
        loss[member] += int(case.defaulter.losses[book])
    for member, micros in loss.items():
        due[member] += max(0, int(centicents_from_micros_up(micros)))
        gain[member] = max(0, -micros) // MICROS_PER_CENTICENT
    kept = _after_haircut(case, allocation, gain)
    left = sum(
        done.result.remaining
        for layer, done in zip(allocation.layers, allocation.result.layers, strict=True)
        if layer.layer_type in ("own_capital", "insurance", "survivors_fund")
    )
    house = max(0, sum(kept.values()) - sum(due.values())) + left
    zero = Fraction(0)
    liabilities = [[zero] * len(members) + [Fraction(due[member])] for member in members]
    liabilities.append([Fraction(kept[member]) for member in members] + [zero])
    assets = [Fraction(has[member] // MICROS_PER_CENTICENT) for member in members]
    network = Network(liabilities, [*assets, Fraction(house)], [zero] * (len(members) + 1))
    return Contagion(members, network, clear(network))


def _after_haircut(case: Case, allocation: Allocation, gain: dict[str, int]) -> dict[str, int]:
    """What the haircut of all gains of a member leaves of its house's, rounded down."""
    gains, cut = survivor_gains(case.defaulter, case.book), allocation.used("gains_haircut")
    left = {}
    for member, amount in gain.items():
        whole = gains.get(member, 0)
        left[member] = amount * (whole - cut.get(member, 0)) // whole if whole else 0
    return left


def contagion_record(case: Case, allocation: Allocation) -> dict:
    found = run_contagion(case, allocation)
    if found is None:
        return {"left_out": f"more than {MOST_MEMBERS} members"}
    rows = []
    for number, member in enumerate(found.members):
        owed = int(found.network.liabilities[number][-1])
        paid = int(found.clearing.payments[number])
        rows.append(
            {
                "member_id": member,
                "known_collateral_centicents": int(found.network.external_assets[number]),
                "owes_centicents": owed,
                "is_owed_centicents": int(found.network.liabilities[-1][number]),
                "pays_centicents": paid,
                "short_centicents": owed - paid,
                "fails_in_round": found.clearing.round_of[number],
            }
        )
    return {
        "knows": "collateral of the house alone: other assets of members are not in the feed",
        "clearing_house_fails": bool(found.clearing.round_of[-1]),
        "rounds": found.clearing.rounds,
        "members": rows,
    }
