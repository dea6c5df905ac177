"""Tables of the intraday cycles."""

from reporting.engine.model_tables.comparison import BREAK
from reporting.engine.model_tables.declaration import ModelTable, typed
from reporting.engine.model_tables.metrics import ALERT

TABLES = (
    ModelTable(
        "recompute.cycle_margin",
        "one row per intraday cycle and account with an open position or a variation",
        "margin recomputed at the cycle, collateral after haircut as known then, variation since"
        " the last end of day before fees (negative = the account owes it), of all positions and"
        " of the margined ones, and the shortfall of collateral and variation against initial"
        " margin",
        "risk",
        (
            "recompute.cycles",
            "recompute.cycle_marks",
            "recompute.cycle_positions",
            "recompute.cycle_collateral",
            "recompute.contracts",
            "validate.accounts",
            "validate.margin_schedule",
        ),
        {
            "cycle": "VARCHAR",
            "cycle_utc": "TIMESTAMP",
            **typed("VARCHAR", "account_id", "member_id", "origin"),
            **typed(
                "BIGINT",
                "margined_worst_case_micros",
                "fully_collateralised_worst_case_micros",
                "worst_case_centicents",
                "expected_shortfall_centicents",
                "value_at_risk_centicents",
                "jump_to_resolution_centicents",
                "core_centicents",
                "add_ons_centicents",
                "initial_margin_centicents",
                "margined_initial_centicents",
                "collateral_value_centicents",
                "variation_centicents",
                "margined_variation_centicents",
                "shortfall_centicents",
            ),
            **typed("VARCHAR", "jump_cluster", "schedule_version"),
        },
    ),
    ModelTable(
        "recompute.cycle_alerts",
        "one row per intraday cycle, kind and subject",
        "what calls for a person within the day: losses and shortfalls to call for, clusters that"
        " come near their resolution, leverage, concentration and wrong-way exposure, each with"
        " its amount, the threshold that it exceeds (data_checks/thresholds.yaml), and file and"
        " line of the venue's price of the market that it is about, empty where it is about many",
        "risk",
        ("recompute.cycle_margin", "recompute.event_parameters", "recompute.thresholds"),
        {"cycle": "VARCHAR", **ALERT},
    ),
    ModelTable(
        "recompute.cycle_breaks",
        "one row per intraday cycle at which the venue charged anybody, and account with a margin,"
        " charged or recomputed",
        "venue's initial margin at the cycle less ours, split in order into position, mark,"
        " netting, parameter and residual effects that sum to the difference exactly, as in"
        " recompute.margin_breaks; file and line of the venue's row, empty where it has none",
        "risk",
        (
            "recompute.cycle_margin",
            "recompute.cycle_position_breaks",
            "recompute.cycle_marks",
            "validate.margin_requirements",
            "validate.margin_schedule",
            "validate.accounts",
        ),
        {"cycle": "VARCHAR", **BREAK},
    ),
)
