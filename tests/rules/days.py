"""Usual rows of the tables that the rules of recompute and stress read.

A test puts rows that differ from the usual one only in the values it is about.
"""

from datetime import date, datetime

from support.hand_rows import Tables

BEFORE, DAY, AFTER = date(2026, 5, 1), date(2026, 5, 4), date(2026, 5, 5)
NO_LINE = ("", None)
"""File and line of a finding that points to no input."""

_MARGIN = {
    "account_id": "A-1",
    "status": "MATCH",
    "venue_initial_centicents": 500,
    "recomputed_initial_centicents": 500,
    "venue_worst_case_centicents": 900,
    "recomputed_worst_case_centicents": 900,
    "venue_core_centicents": 500,
    "recomputed_core_centicents": 500,
    "position_effect_centicents": 0,
    "mark_effect_centicents": 0,
    "netting_effect_centicents": 0,
    "parameter_effect_centicents": 0,
    "residual_centicents": 0,
    "worst_case_residual_centicents": 0,
    "core_residual_centicents": 0,
    "contract_by_contract": False,
    "worst_case_unexplained": False,
    "core_unexplained": False,
    "initial_unexplained": False,
    "schedule_version": "S-1",
    "file_sha256": "margin",
    "line": 1,
}
_ALERT = {
    "subject": "A-1",
    "account_id": "A-1",
    "words": "an alert",
    "amount_centicents": 200,
    "threshold_centicents": 100,
    "file_sha256": "holders",
    "line": 1,
}

USUAL: dict[str, dict[str, object]] = {
    "recompute.account_margin": {"worst_case_centicents": 900, "initial_margin_centicents": 500},
    "recompute.call_ages": {
        "account_id": "A-1",
        "delivered": True,
        "last_seen": DAY,
        "state": "issued",
        "amount_centicents": 500,
        "unmet_centicents": 500,
        "in_dispute": False,
        "dispute_stage": "",
        "file_sha256": "calls",
    },
    "recompute.call_breaks": {
        "call_id": "C-1",
        "called_centicents": 400,
        "recomputed_call_centicents": 500,
        "difference_centicents": -100,
        "explained_by_margin": False,
        "file_sha256": "calls",
    },
    "recompute.calls": {
        "account_id": "A-1",
        "venue_amount_centicents": 500,
        "unmet_centicents": 500,
        "state": "issued",
        "due_utc": datetime(2026, 5, 4, 12),
        "dispute_stage": "",
        "in_dispute": False,
        "late": False,
        "file_sha256": "calls",
    },
    "recompute.contracts": {
        "structure": "ladder",
        "structure_reason": "strikes of one event",
        "structure_flags": "",
        "has_metadata": True,
    },
    "recompute.cycle_alerts": _ALERT | {"cycle": "10:00"},
    "recompute.cycle_breaks": _MARGIN | {"cycle": "10:00"},
    "recompute.equal_books": {
        "charged_centicents": 500,
        "usual_centicents": 500,
        "usual_account_id": "A-0",
        "usual_accounts": 2,
        "accounts": 3,
        "tolerance_centicents": 1,
        "file_sha256": "margin",
    },
    "recompute.exposures": _ALERT,
    "recompute.margin_breaks": _MARGIN,
    "recompute.marks": {
        "mark_centicents": 4000,
        "venue_mark_centicents": 4000,
        "mark_source": "trade",
        "settled": False,
    },
    "recompute.method_margins": {
        "account_id": "A-1",
        "named_method": "ECM-2",
        "followed_method": "ECM-2",
        "schedule_version": "S-1",
    },
    "recompute.obligation_breaks": {
        "venue_variation_centicents": 100,
        "recomputed_variation_centicents": 100,
        "explained_by_marks": False,
        "venue_fees_centicents": 10,
        "recomputed_fees_centicents": 10,
        "file_sha256": "obligations",
    },
    "recompute.schedule_changes": {
        "version": "S-2",
        "change": "amended version",
        "old_version": "S-1",
        "parameter": "floor_bps",
        "old_value": "1",
        "new_value": "2",
        "effective_date": BEFORE,
        "old_effective_date": BEFORE,
        "after_effect": True,
        "approver": "committee",
        "reason": "review",
        "file_sha256": "schedule",
    },
    "stress.backtest_results": {
        "books": "model-driven",
        "coverage_verdict": "open",
        "coverage_basis": "39 dates",
        "portfolio": "member",
        "horizon": "liquidation period",
        "days": 250,
        "jump_breaches": 0,
        "required_coverage_bps": 9_999,
        "zone": "green",
    },
    "stress.cover": {
        "cover_1_centicents": 0,
        "cover_1_group": "G-1",
        "cover_1_prefunded_centicents": 70,
        "cover_1_assessments_centicents": 30,
        "cover_2_centicents": 0,
        "cover_2_groups": "G-1, G-2",
        "prefunded_centicents": 70,
        "assessments_centicents": 30,
    },
    "stress.liquidity": {
        "currency": "USD",
        "failing_payers": 1,
        "affiliate_groups": "G-1",
        "scenario_id": "S-1",
        "first_resources_centicents": 100,
        "least_left_centicents": 0,
        "hours": 24,
        "hours_survived": 24,
        "covered": True,
        "floor_days": 90,
        "floor_centicents": 100,
    },
    "stress.reverse": {
        "resolutions": 3,
        "proven": True,
        "at_least": 3,
        "least_resolutions": 2,
    },
}


def put(tables: Tables, table: str, day: date = DAY, **changes: object) -> None:
    """One row of a table: the usual one, but for ``changes``."""
    tables.put(table, day, **USUAL.get(table, {}) | changes)
