"""What the default sets off: forced liquidations, members that cannot pay, liquidity.

Belongs here: from the case and its allocation to the inputs of the three models. None of it
changes who bears the loss; it shows what may come next.
"""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from reporting.model.default.cascade import (
    Accounts,
    CascadeResult,
    Holdings,
    Markets,
    cascade,
)
from reporting.model.default.clearing import Clearing, Network, clear
from reporting.model.default.liquidity import Facility, Survival, survive
from reporting.model.default.silos import HOUSE_SILO
from reporting.pipeline.default_record.allocation import Allocation
from reporting.pipeline.default_record.case import Case
from reporting.pipeline.drill import survivor_gains
from reporting.units import (
    BPS,
    CENTICENTS_PER_DOLLAR,
    MICROS_PER_CENTICENT,
    centicents_from_micros_up,
    multiply_divide_down,
)

_PARTS = 1_000_000
MOST_MEMBERS = 60
"""More members than this are not cleared: exact payments would take too long."""


def usable_collateral(case: Case) -> dict[str, np.ndarray]:
    """By asset type, int64 micros by book: after the scenario's fall and the haircut."""
    haircuts, falls = case.book.schedule.haircuts_bps, case.scenario.collateral_falls_bps
    worth = {}
    for asset, value in sorted(case.held.collateral.items()):
        left = multiply_divide_down(value, BPS - falls.get(asset, 0), BPS)
        worth[asset] = multiply_divide_down(left, BPS - haircuts[asset], BPS)
    return worth


def run_cascade(case: Case) -> tuple[np.ndarray, CascadeResult]:
    """Forced liquidations among the survivors' margined books at the scenario's prices.

    Returns the books and the result. What an account has is its collateral and what the
    scenario has done to it so far; its ratio is its maintenance margin over what its positions
    can lose at the marks. Markets take a day's volume; where nothing was traded, one unit.
    """
    held, marks, schedule = case.held, case.held.market.marks, case.book.schedule
    keep = held.accounts.margined & ~case.in_group
    rows = np.flatnonzero(keep[held.positions.account] & case.is_open[held.positions.contract])
    books = np.unique(held.positions.account[rows])
    place = np.full(len(keep), -1, dtype=np.int64)
    place[books] = np.arange(len(books))
    account, contract = place[held.positions.account[rows]], held.positions.contract[rows]
    qty, mark = held.positions.qty[rows], marks[contract]
    value_at_marks = np.zeros(len(books), dtype=np.int64)
    np.add.at(value_at_marks, account, qty * mark)
    value_now = np.zeros(len(books), dtype=np.int64)
    np.add.at(value_now, account, qty * case.price[contract])
    can_lose = np.zeros(len(books), dtype=np.int64)
    np.add.at(
        can_lose, account, np.where(qty > 0, qty * mark, -qty * (CENTICENTS_PER_DOLLAR - mark))
    )
    collateral = sum(usable_collateral(case).values(), np.zeros(len(keep), dtype=np.int64))
    # Equity is collateral less the loss so far, of which the cascade adds the open positions'.
    cash = collateral[books] - case.defaulter.losses[books] - value_now
    maintenance = multiply_divide_down(held.accounts.margin[books], schedule.maintenance_bps, BPS)
    ratio = [
        min(_PARTS, m * _PARTS // c) if c > 0 else 0
        for m, c in zip(maintenance.tolist(), can_lose.tolist(), strict=True)
    ]
    impact = Fraction(case.rules.cascade_impact_bps, BPS)
    depth = np.maximum(case.daily_volume.astype(np.int64), 1)
    markets = Markets(case.price, depth, [impact] * len(depth), CENTICENTS_PER_DOLLAR)
    accounts = Accounts(cash, np.array(ratio, dtype=np.int64), _PARTS)
    return books, cascade(markets, accounts, Holdings(account, contract, qty))


def cascade_record(case: Case) -> dict:
    books, found = run_cascade(case)
    fallen = np.flatnonzero(found.round_of)
    rows = [
        {
            "account_id": case.book.account_ids[int(books[n]) // 2],
            "round": int(found.round_of[n]),
            "loss_micros": int(found.loss[n]),
            "deficit_micros": int(found.deficit[n]),
        }
        for n in fallen.tolist()
    ]
    moved = sorted({int(market) for move in found.path for market in move.market})
    return {
        "accounts": len(books),
        "liquidated": len(rows),
        "rounds": found.rounds,
        "loss_micros": sum(row["loss_micros"] for row in rows),
        "deficit_micros": sum(row["deficit_micros"] for row in rows),
        "liquidations": rows,
        "path": [
            {
                "round": move.number,
                "accounts": int((found.round_of == move.number).sum()),
                "markets_moved": len(move.market),
            }
            for move in found.path
        ],
        "prices": [
            {
                "ticker": case.tickers[market],
                "scenario_price_centicents": int(case.price[market]),
                "sell_centicents": int(found.sell[market]),
                "buy_centicents": int(found.buy[market]),
            }
            for market in moved
        ],
    }


@dataclass(frozen=True)
class Contagion:
    """The clearing house is the last of the nodes; amounts are centicents."""

    members: list[str]
    network: Network
    clearing: Clearing


def run_contagion(case: Case, allocation: Allocation) -> Contagion | None:
    """Survivors and the clearing house, each owing the other; None for too many members.

    A member owes its house's loss in the scenario, its assessments and its replenishment, and
    has its house's collateral: the feed knows of nothing else. The clearing house owes it its
    house's gain after the haircut, and has what members owe it and the layers that are left.
    """
    members = [member.member_id for member in case.survivors]
    if len(members) > MOST_MEMBERS:
        return None
    due = {member: allocation.replenishment.due.get(member, 0) for member in members}
    for member, amount in allocation.used("assessment").items():
        due[member] += amount
    worth = sum(usable_collateral(case).values(), np.zeros(len(case.loss), dtype=np.int64))
    has, gain = dict.fromkeys(members, 0), dict.fromkeys(members, 0)
    loss = dict.fromkeys(members, 0)
    for book in np.flatnonzero(~case.in_group & case.is_house).tolist():
        member = case.book.member_ids[book // 2]
        has[member] += int(worth[book])
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


def run_liquidity(
    case: Case, allocation: Allocation, cycle_hour: int, auction_hour: int
) -> tuple[list[Facility], list[int], Survival]:
    """Facilities in order, payments due by hour, and how long they last.

    What the group lost is due to those who gained at the first cycle after the declaration,
    what closing out costs when the auction is settled. The defaulter's own comes first, cash at
    once and other collateral after its notice; then what ``Resources.facilities`` lists, in the
    order of the layers as in the stage's liquidity; assessments last.
    """
    losses, rules = allocation.losses, case.rules
    hours = max(cycle_hour, auction_hour, rules.assessment_due_hours) + 1
    outflows = [0] * hours
    outflows[cycle_hour] += sum(max(0, amount) for amount in losses.market.values())
    outflows[auction_hour] += sum(max(0, amount) for amount in losses.closing.values())
    cash, other = _own_assets(case, allocation)
    assessed = sum(allocation.used("assessment").values())
    facilities = [
        Facility("cash of the defaulter", cash),
        Facility("other collateral of the defaulter", other, rules.collateral_notice_hours),
        *case.resources.facilities(lambda _: rules.facility_notice_hours),
        Facility("assessments", assessed, rules.assessment_due_hours),
    ]
    return facilities, outflows, survive(facilities, outflows)


def _own_assets(case: Case, allocation: Allocation) -> tuple[int, int]:
    """Of the defaulter's assets that met a loss: cash (no haircut), and the rest, centicents."""
    haircuts, worth = case.book.schedule.haircuts_bps, usable_collateral(case)
    used: dict[str, int] = {}
    for flow in allocation.result.flows:
        used[flow.source] = used.get(flow.source, 0) + flow.amount
    house = case.in_group & case.is_house
    cash = 0
    books = {case.silo_of(book): book for book in np.flatnonzero(case.is_customer).tolist()}
    for silo, amount in used.items():
        chosen = house if silo == HOUSE_SILO else np.arange(len(house)) == books[silo]
        held = sum(int(worth[a][chosen].sum()) for a in worth if haircuts[a] == 0)
        cash += min(amount, held // MICROS_PER_CENTICENT)
    return cash, sum(used.values()) - cash


def liquidity_record(
    case: Case, allocation: Allocation, cycle_hour: int, auction_hour: int
) -> dict:
    facilities, outflows, found = run_liquidity(case, allocation, cycle_hour, auction_hour)
    return {
        "hours": len(outflows),
        "hours_survived": found.hours,
        "unmet_centicents": sum(found.unmet),
        "outflows": [
            {
                "hour": hour,
                "due_centicents": due,
                "met_centicents": due - unmet,
                "unmet_centicents": unmet,
            }
            for hour, (due, unmet) in enumerate(zip(outflows, found.unmet, strict=True))
            if due
        ],
        "facilities": [
            {
                "facility": facility.facility_id,
                "notice_hours": facility.notice_hours,
                "capacity_centicents": facility.capacity,
                "drawn_centicents": facility.capacity - left,
            }
            for facility, left in zip(facilities, found.remaining, strict=True)
        ],
    }
