"""Failure of the largest payers: payments due, and the facilities drawn to pay them.

Belongs here: the scenario of each failure, and the rows of ``stress.liquidity``,
``stress.liquidity_hours`` and ``stress.liquidity_facilities``. Payments by hour are in
``liquidity``, the drawing of facilities in ``model/default``.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import pyarrow

from reporting.engine.day import Day
from reporting.engine.declaration import schema_of, table
from reporting.engine.past_dates import earlier_dates
from reporting.model.default.facility_drawdown import Facility, Survival, at_hand, survive
from reporting.model.stress.events import Scenario
from reporting.model.stress.liquidity_need import (
    LiquidityNeed,
    largest_payers_scenario,
    liquidity_need,
    regulatory_floor,
)
from reporting.model.stress.records import ScenarioRecord
from reporting.model.stress.results import GroupLosses
from reporting.model.stress.stress_book import StressBook
from reporting.stages.recompute.day_book import DayBook
from reporting.stages.stress.liquidity import HOURS, Liquidity
from reporting.stages.stress.resources import Resources
from reporting.units import centicents_from_micros_up

_QUARTER_DAYS = 92
TABLE = "stress.liquidity"


@dataclass(frozen=True)
class PayerFailure:
    """Rows of the three tables when so many of the largest payers fail."""

    summary: dict
    hours: Sequence[dict]
    facilities: Sequence[dict]


@table(
    "stress.liquidity",
    grain="one row per currency and number of failing payers",
    meaning=(
        "payments of the next 24 hours when the one or two largest payers fail, gross and after"
        " what the payers' own cash covers, against qualifying liquid resources, and the"
        " regulatory floor; paid_centicents and members of the date are"
        " stored for the floor of later dates"
    ),
    reads="""
        stress.group_losses recompute.days validate.obligations validate.accounts
        validate.collateral validate.resources
    """,
    columns="""
        currency failing_payers affiliate_groups scenario_id words gross_outflow_centicents
        outflow_centicents
        resources_centicents first_resources_centicents least_left_centicents hours hours_survived
        covered gross_covered paid_centicents members floor_days floor_centicents
    """,
)
def liquidity_rows(payer_failures: Sequence[PayerFailure]) -> pyarrow.Table:
    records = [failure.summary for failure in payer_failures]
    return pyarrow.Table.from_pylist(records, schema_of(TABLE))


@table(
    "stress.liquidity_hours",
    grain="one row per currency, number of failing payers and hour after the end of the date",
    meaning=(
        "payments of the failing groups due in the hour and up to it, the resources left, and the"
        " part that nothing could be drawn for when it was due"
    ),
    reads="stress.liquidity",
    columns="""
        currency failing_payers hour from_utc due_centicents outflow_centicents
        gross_outflow_centicents resources_centicents left_centicents unmet_centicents
    """,
    made_with="stress.liquidity",
)
def liquidity_hour_rows(payer_failures: Sequence[PayerFailure]) -> pyarrow.Table:
    records = [row for failure in payer_failures for row in failure.hours]
    return pyarrow.Table.from_pylist(records, schema_of("stress.liquidity_hours"))


@table(
    "stress.liquidity_facilities",
    grain=(
        "one row per currency, number of failing payers, facility and hour in which it is drawn;"
        " if it is never drawn, the first hour in which it could be"
    ),
    meaning=(
        "facilities that pay for the failing groups, in the order of the waterfall's layers: the"
        " amount drawn in the hour, and the amount left after it"
    ),
    reads="stress.liquidity validate.resources validate.guaranty_fund",
    columns="""
        currency failing_payers draw_order facility hour notice_hours capacity_centicents
        drawn_centicents remaining_centicents
    """,
    made_with="stress.liquidity",
)
def liquidity_facility_rows(payer_failures: Sequence[PayerFailure]) -> pyarrow.Table:
    records = [row for failure in payer_failures for row in failure.facilities]
    return pyarrow.Table.from_pylist(records, schema_of("stress.liquidity_facilities"))


def payer_failures_of(
    day: Day,
    record: ScenarioRecord | None,
    book: DayBook,
    held: StressBook,
    scenarios: Sequence[Scenario],
    results: Sequence[GroupLosses],
    resources: Resources,
) -> list[PayerFailure]:
    """The failure of the largest payer, and of the two largest; none if the library has no record
    of the kind."""
    failures: list[PayerFailure] = []
    if record is not None:
        liquidity = Liquidity(day, record, book, held)
        paid, members = day.read("stress/reads/variation_paid").fetchone()
        quarter = _quarter(day)
        floor = {
            "paid_centicents": paid,
            "members": members,
            "floor_days": len(quarter) + 1,
            "floor_centicents": regulatory_floor([*quarter, (paid, members)]),
        }
        # Close-out losses and claims after a reversal are not payments to other members.
        priced = [n for n, s in enumerate(scenarios) if s.close_out is None and s.reversal is None]
        lost = np.stack([results[n].stressed_loss for n in priced]) if priced else None
        facilities = resources.facilities(notice_hours(record))
        for failing in (1, 2):
            number = None if lost is None else largest_payers_scenario(lost, failing)
            scenario = None if number is None else scenarios[priced[number]]
            need = liquidity_need(liquidity.payments(scenario, facilities), failing)
            # Booked in whole centicents: the cumulative outflow is rounded up.
            due = np.diff(centicents_from_micros_up(need.outflow), prepend=0).tolist()
            survival = survive(facilities, due)
            key = {"currency": need.currency, "failing_payers": failing}
            gross = centicents_from_micros_up(need.gross_outflow).tolist()
            hours = _hour_rows(due, gross, survival, at_hand(facilities, HOURS), liquidity.ends)
            summary = _summary(need, survival, scenario, held, hours)
            drawn = _facility_rows(facilities, survival)
            failures.append(
                PayerFailure(
                    key | summary | floor,
                    [key | row for row in hours],
                    [key | row for row in drawn],
                )
            )
    return failures


def _quarter(day: Day) -> list[tuple[int, int]]:
    """Settlement pays and number of members on each earlier date of the quarter."""
    rows = day.earlier_rows(TABLE, earlier_dates(day, _QUARTER_DAYS)).to_pylist()
    return [(row["paid_centicents"], row["members"]) for row in rows if row["failing_payers"] == 1]


def notice_hours(record: ScenarioRecord) -> Callable[[str], int]:
    """Hours until a facility pays: its own, else the default of all facilities."""
    own, default = record.parameters["notice_hours"], record.parameters["facility_notice_hours"]
    return lambda layer_id: own.get(layer_id, default)


def _hour_rows(
    due: Sequence[int],
    gross: Sequence[int],
    survival: Survival,
    resources: Sequence[int],
    ends: datetime,
) -> list[dict]:
    outflow = np.cumsum(due).tolist()
    return [
        {
            "hour": hour,
            "from_utc": ends + timedelta(hours=hour),
            "due_centicents": due[hour],
            "outflow_centicents": outflow[hour],
            "gross_outflow_centicents": gross[hour],
            "resources_centicents": resources[hour],
            "left_centicents": resources[hour] - outflow[hour],
            "unmet_centicents": survival.unmet[hour],
        }
        for hour in range(HOURS)
    ]


def _facility_rows(facilities: Sequence[Facility], survival: Survival) -> list[dict]:
    """Each facility's draws by hour; if it is never drawn, the first hour in which it could be."""
    rows = []
    for number, facility in enumerate(facilities):
        drawn = {hour: of[number] for hour, of in enumerate(survival.drawdowns) if of[number]}
        left = facility.capacity
        for hour, amount in (drawn or {facility.notice_hours: 0}).items():
            left -= amount
            rows.append(
                {
                    "draw_order": number + 1,
                    "facility": facility.facility_id,
                    "hour": hour,
                    "notice_hours": facility.notice_hours,
                    "capacity_centicents": facility.capacity,
                    "drawn_centicents": amount,
                    "remaining_centicents": left,
                }
            )
    return rows


def _summary(
    need: LiquidityNeed,
    survival: Survival,
    scenario: Scenario | None,
    held: StressBook,
    hours: Sequence[dict],
) -> dict:
    return {
        "affiliate_groups": ", ".join(held.groups[g] for g in need.groups),
        "scenario_id": scenario.scenario_id if scenario else "",
        "words": scenario.words if scenario else "",
        "gross_outflow_centicents": hours[-1]["gross_outflow_centicents"],
        "outflow_centicents": hours[-1]["outflow_centicents"],
        "resources_centicents": hours[-1]["resources_centicents"],
        "first_resources_centicents": hours[0]["resources_centicents"],
        "least_left_centicents": min(row["left_centicents"] for row in hours),
        "hours": HOURS,
        "hours_survived": survival.hours,
        "covered": survival.hours == HOURS,
        "gross_covered": all(
            row["gross_outflow_centicents"] <= row["resources_centicents"] for row in hours
        ),
    }
