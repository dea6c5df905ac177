"""How long the clearing house can pay after a default: payments due by hour, and facilities.

Belongs here: from the case and its allocation to the facilities of
``model/default/facility_drawdown``, and its part of the record. The daily liquidity test is
``stages/stress/liquidity``.
"""

from collections.abc import Callable

import numpy as np

from reporting.model.default.facility_drawdown import Facility, Survival, survive
from reporting.model.default.silos import HOUSE_SILO
from reporting.stages.stress.payer_failures import notice_hours
from reporting.studies.default_drill.allocation import Allocation
from reporting.studies.default_drill.case import Case
from reporting.units import MICROS_PER_CENTICENT


def run_liquidity(
    case: Case, allocation: Allocation, cycle_hour: int, auction_hour: int
) -> tuple[list[Facility], list[int], Survival]:
    """Facilities in order, payments due by hour, and how long they last.

    The group's loss is due to the gainers at the first cycle after the declaration, close-out
    costs when the auction settles. The defaulter's assets pay first: cash at once, other collateral
    after its notice. Then come ``Resources.facilities``, in the order of the layers as in the daily
    test, and assessments last.
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
        *case.resources.facilities(_notice_hours(case)),
        Facility("assessments", assessed, rules.assessment_due_hours),
    ]
    return facilities, outflows, survive(facilities, outflows)


def _notice_hours(case: Case) -> Callable[[str], int]:
    """Hours until a facility pays: as in the daily liquidity test, else those of the rules."""
    if case.liquidity is None:
        return lambda _: case.rules.facility_notice_hours
    return notice_hours(case.liquidity)


def _cash(case: Case) -> list[str]:
    """Asset types that pay at once: as in the daily liquidity test, else those without haircut."""
    if case.liquidity is not None:
        liquid = case.liquidity.parameters["liquid_assets"]
        return [asset for asset in case.collateral_worth if asset in liquid]
    haircuts = case.book.schedule.haircuts_bps
    return [asset for asset in case.collateral_worth if haircuts[asset] == 0]


def _own_assets(case: Case, allocation: Allocation) -> tuple[int, int]:
    """The defaulter's assets that covered a loss: cash, and the rest, centicents."""
    worth, cash_types = case.collateral_worth, _cash(case)
    used: dict[str, int] = {}
    for flow in allocation.result.flows:
        used[flow.source] = used.get(flow.source, 0) + flow.amount
    house = case.in_group & case.is_house
    cash = 0
    books = {case.silo_of(book): book for book in np.flatnonzero(case.is_customer).tolist()}
    for silo, amount in used.items():
        chosen = house if silo == HOUSE_SILO else np.arange(len(house)) == books[silo]
        held = sum(int(worth[asset][chosen].sum()) for asset in cash_types)
        cash += min(amount, held // MICROS_PER_CENTICENT)
    return cash, sum(used.values()) - cash


def liquidity_record(
    case: Case, allocation: Allocation, cycle_hour: int, auction_hour: int
) -> dict:
    facilities, outflows, survival = run_liquidity(case, allocation, cycle_hour, auction_hour)
    return {
        "hours": len(outflows),
        "hours_survived": survival.hours,
        "unmet_centicents": sum(survival.unmet),
        "outflows": [
            {
                "hour": hour,
                "due_centicents": due,
                "met_centicents": due - unmet,
                "unmet_centicents": unmet,
            }
            for hour, (due, unmet) in enumerate(zip(outflows, survival.unmet, strict=True))
            if due
        ],
        "facilities": [
            {
                "facility": facility.facility_id,
                "notice_hours": facility.notice_hours,
                "capacity_centicents": facility.capacity,
                "drawn_centicents": facility.capacity - left,
            }
            for facility, left in zip(facilities, survival.remaining, strict=True)
        ],
    }
