"""Read the assumptions of a default drill: ``data_checks/default_drill.yaml``."""

from dataclasses import dataclass, fields
from datetime import date
from functools import cache
from operator import attrgetter
from pathlib import Path

import yaml

from reporting.model.errors import ModelError
from reporting.settings import ROOT

DRILL_RULES = ROOT / "data_checks" / "default_drill.yaml"
_IN_ORDER = (
    ("bid_least_discount_bps", "bid_most_discount_bps"),
    ("bid_least_share_bps", "bid_most_share_bps"),
    ("hedging_start_hours", "hedging_end_hours"),
    ("lots_sent_hours", "bids_due_hours"),
    ("bids_due_hours", "auction_result_hours"),
    ("auction_result_hours", "allocation_hours"),
    ("assessment_notice_hours", "assessment_due_hours"),
)


@dataclass(frozen=True)
class DrillRules:
    """One version of the assumptions; the file explains each number."""

    effective_from: date
    version: str
    owner: str
    approver: str
    reason: str
    payment_due_hours: int
    grace_hours: int
    porting_end_hours: int
    hedging_start_hours: int
    hedging_end_hours: int
    lots_sent_hours: int
    bids_due_hours: int
    auction_result_hours: int
    allocation_hours: int
    assessment_notice_hours: int
    assessment_due_hours: int
    public_notice_hours: int
    replenishment_due_hours: int
    house_margin_covers_customers: bool
    hedge_most_events: int
    hedge_most_trades: int
    hedge_depth_bps: int
    reserve_bps: int
    bid_seed: int
    bid_participation_bps: int
    bid_left_out_bps: int
    bid_least_discount_bps: int
    bid_most_discount_bps: int
    bid_least_share_bps: int
    bid_most_share_bps: int
    assessment_period_cap_bps: int
    replenishment_cap_bps: int
    cascade_impact_bps: int
    collateral_notice_hours: int
    facility_notice_hours: int
    failed_assets_left_bps: int
    failed_receipts_left_bps: int


def drill_rules_in_force(business_date: date) -> DrillRules:
    """The latest assumptions in force on a date. Raises ModelError naming the fault."""
    known = [version for version in _load(DRILL_RULES) if version.effective_from <= business_date]
    if not known:
        raise ModelError(
            "data_checks/default_drill.yaml", f"nothing is in force on {business_date}"
        )
    return max(known, key=attrgetter("effective_from"))


@cache
def _load(path: Path) -> tuple[DrillRules, ...]:
    return tuple(rules_from(record) for record in yaml.safe_load(path.read_text()))


def rules_from(record: dict) -> DrillRules:
    """One entry of the file, checked. Raises ModelError naming the entry and its fault."""
    where = f"data_checks/default_drill.yaml: from {record.get('effective_from')}"
    kinds = {field.name: field.type for field in fields(DrillRules)}
    if record.keys() != kinds.keys():
        missing, unknown = kinds.keys() - record.keys(), record.keys() - kinds.keys()
        raise ModelError(where, f"unknown {sorted(unknown)}, missing {sorted(missing)}")
    for name, value in record.items():
        if type(value) is not kinds[name] or (kinds[name] is int and value < 0):
            raise ModelError(where, f"{name} has a wrong type or value")
    for name in (
        "bid_participation_bps",
        "bid_left_out_bps",
        "bid_most_share_bps",
        "hedge_depth_bps",
        "failed_assets_left_bps",
        "failed_receipts_left_bps",
    ):
        if record[name] > 10_000:
            raise ModelError(where, f"{name} must not be above 10,000")
    for first, second in _IN_ORDER:
        if record[first] > record[second]:
            raise ModelError(where, f"{first} must not be above {second}")
    return DrillRules(**record)
