"""The record of a drill as one document, and its checks.

Belongs here: the sections of the record and their order. It holds whole numbers, texts and truth
values only, so that the same lake gives the same bytes.
"""

import hashlib
import json
from datetime import date

import numpy as np

from reporting.engine.tables import stage_tables
from reporting.errors import UserError
from reporting.lake import Lake
from reporting.packs.common.files import synthetic_words
from reporting.studies.default_drill.allocation import allocate
from reporting.studies.default_drill.auction import hold_auction
from reporting.studies.default_drill.cascade import cascade_record
from reporting.studies.default_drill.case import Case, read_case
from reporting.studies.default_drill.checks import checks
from reporting.studies.default_drill.close_out import (
    close_or_hold_rows,
    close_out,
    hedge_rows,
    position_rows,
)
from reporting.studies.default_drill.contagion import contagion_record
from reporting.studies.default_drill.facilities import liquidity_record
from reporting.studies.default_drill.lessons import lessons
from reporting.studies.default_drill.sections import (
    auction_section,
    loss_section,
    replenishment_section,
    silos_section,
    tear_up_section,
    waterfall_section,
)
from reporting.studies.default_drill.timeline import Timeline, timeline
from reporting.units import MICROS_PER_CENTICENT

ASSUMPTIONS = (
    "required margin is assumed to be paid; collateral beyond it is ignored",
    "no customer is ported to another member, because the feed carries no offers",
    "members affiliated with the declared member default with it",
    "fully collateralised positions are held, because they cannot lose more than was paid in",
    "the auction and the market replace the scenario's own close-out cost",
    "no assessment or replenishment fell in the period before, because the feed reports none",
)


def make_record(
    lake: Lake, member_id: str, business_date: date, scenario_id: str | None = None
) -> tuple[dict, list[dict]]:
    """The record of a default of the member's group on a date, and the rows of
    ``sql/disclose/files_landed.sql``. ``scenario_id``: by default the scenario with the group's
    largest shortfall.

    Raises UserError for an unknown date, member or scenario, and if a check of the record fails.
    """
    case = read_case(lake, member_id, business_date, scenario_id)
    closing = close_out(case)
    auction = hold_auction(case, closing)
    allocation = allocate(case, closing, auction)
    times = timeline(case, closing)
    files = _files(case)
    record = {
        "kind": "DRILL",
        "drill_id": case.drill_id,
        "business_date": business_date.isoformat(),
        "synthetic": synthetic_words({"files_landed": files}).replace("pack", "record"),
        "inputs": _inputs(case, lake),
        "assumptions": list(ASSUMPTIONS),
        "declaration": _declaration(case, times),
        "timeline": times.entries,
        "positions": position_rows(case),
        "close_or_hold": close_or_hold_rows(case, closing),
        "hedges": hedge_rows(case, closing),
        "auction": auction_section(case, closing, auction),
        "loss": loss_section(closing, auction, allocation),
        "silos": silos_section(allocation),
        "waterfall": waterfall_section(case, allocation),
        "replenishment": replenishment_section(allocation),
        "tear_up": tear_up_section(allocation),
        "cascade": cascade_record(case),
        "contagion": contagion_record(case, allocation),
        "liquidity": liquidity_record(case, allocation, times.cycle_hour, times.auction_hour),
    }
    record["lessons"] = lessons(record)
    record["checks"] = checks(record, case.stress_loss)
    failed = [check["check"] for check in record["checks"] if not check["holds"]]
    if failed:
        raise UserError(f"{case.drill_id}: check failed: {failed[0]}; no record is written")
    return record, files


def canonical(record: dict) -> bytes:
    """The record as bytes: JSON, keys in order of the record, UTF-8."""
    return (json.dumps(record, indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode()


def _files(case: Case) -> list[dict]:
    table = next(t for t in stage_tables("disclose") if t.short == "files_landed")
    cursor = case.day.query(table.sql)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _inputs(case: Case, lake: Lake) -> dict:
    """The inputs of the record. The snapshot is the newest of the date's own commits, so dates that
    are run later change nothing."""
    day = case.day.business_date.isoformat()
    snapshots = [each.snapshot_id for each in lake.snapshots() if each.business_date == day]
    hashes = [row[0] for row in case.day.read("land/reads/input_files").fetchall()]
    inputs = {
        "snapshot": max(snapshots, default=0),
        "input_files": len(hashes),
        "input_files_sha256": hashlib.sha256("".join(hashes).encode()).hexdigest(),
        "scenario_id": case.scenario.scenario_id,
        "scenario_version": case.scenario.version,
        "schedule_version": case.book.schedule.version,
        "rules_version": case.rules.version,
    }
    text = json.dumps(inputs, sort_keys=True).encode()
    return inputs | {"inputs_sha256": hashlib.sha256(text).hexdigest()}


def _declaration(case: Case, times: Timeline) -> dict:
    accounts = {case.book.account_ids[book // 2] for book in np.flatnonzero(case.in_group).tolist()}
    posted = dict(case.day.read("studies/default_drill/account_collateral").fetchall())
    calls = [
        row for row in case.day.read("studies/default_drill/calls").fetchall() if row[1] in accounts
    ]
    names = ("call_id", "account_id", "state", "amount_centicents", "unmet_centicents", "late")
    house = case.in_group & case.is_house
    losses = case.loss + case.close_out_estimate
    worth = case.collateral_worth
    return {
        "member_id": case.declared.member_id,
        "name": case.declared.name,
        "affiliate_group": case.group,
        "defaulted": [
            {"member_id": member.member_id, "name": member.name, "status": member.status}
            for member in case.defaulted
        ],
        "obligation_known_utc": _utc(times.cycle),
        "payment_due_utc": _utc(times.due),
        "due_time_from": times.due_is,
        "declared_utc": _utc(times.declared),
        "scenario": {
            "scenario_id": case.scenario.scenario_id,
            "family": case.scenario.family,
            "version": case.scenario.version,
            "owner": case.scenario.owner,
            "words": case.scenario.words,
        },
        "trigger": (
            f"the group fails to pay the variation of the end-of-day cycle of"
            f" {case.day.business_date} in scenario {case.scenario.scenario_id}"
        ),
        "accounts": len(accounts),
        "house_loss_micros": int(losses[house].sum()),
        "customer_loss_micros": int(np.maximum(losses[case.is_customer], 0).sum()),
        "worst_case_micros": int(case.held.accounts.worst_case[case.in_group].sum()),
        "margin_required_centicents": int(case.held.accounts.margin[case.in_group].sum())
        // MICROS_PER_CENTICENT,
        "margin_left_centicents": int(case.margin[case.in_group].sum()) // MICROS_PER_CENTICENT,
        "collateral_after_haircut_centicents": sum(posted.get(account, 0) for account in accounts),
        "collateral_in_scenario": [
            {
                "asset_type": asset,
                "value_micros": int(value[case.in_group].sum()),
            }
            for asset, value in worth.items()
        ],
        "fund_contribution_centicents": sum(case.resources.deposits_of(case.group).values()),
        "calls": [
            dict(zip((*names, "hours_late"), row, strict=True))
            | {"late": bool(row[5]), "hours_late": row[6] or 0}
            for row in calls
        ],
    }


def _utc(moment) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
