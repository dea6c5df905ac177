"""Tables of the end-of-day margin, in the order in which they are made."""

from reporting.engine.model_tables.declaration import BOOK, ModelTable, typed

TABLES = (
    ModelTable(
        "recompute.contracts",
        "one row per market that was listed, traded, open or settled that day, or is a leg of one",
        "terms of each contract and the outcome structure of its event, derived from metadata and"
        " titles, with the reason",
        "risk",
        (
            "validate.trades",
            "validate.markets",
            "validate.events",
            "validate.series",
            "validate.settlement_periods",
            "recompute.days",
        ),
        {
            **typed(
                "VARCHAR",
                "ticker",
                "event_ticker",
                "series_ticker",
                "category",
                "title",
                "structure",
                "structure_reason",
                "structure_flags",
            ),
            **typed("BIGINT", "leg_index", "event_legs"),
            "collateral_return": "VARCHAR",
            "void_rule": "VARCHAR",
            "resolution_utc": "TIMESTAMP",
            "tau_seconds": "BIGINT",
            "fee_type": "VARCHAR",
            "fee_multiplier_e4": "BIGINT",
            **typed("BOOLEAN", "has_metadata", "can_close_early"),
        },
    ),
    ModelTable(
        "recompute.state_probabilities",
        "one row per event with a mark and outcome state",
        "probability of each outcome state implied by the marks; the gap is the largest difference"
        " between a mark and the price that the probabilities give back",
        "risk",
        BOOK,
        {
            "event_ticker": "VARCHAR",
            "state_index": "BIGINT",
            "state_label": "VARCHAR",
            "probability": "DOUBLE",
            "largest_gap_centicents": "DOUBLE",
        },
    ),
    ModelTable(
        "recompute.event_margin",
        "one row per account, event and collateralisation with an open position",
        "exact worst-case loss over the outcome states of the event, the premium-paid requirement"
        " beside it, and the ramp to full collateral, in micros (1e-6 USD)",
        "risk",
        (*BOOK, "recompute.scenario_sets", "validate.accounts", "validate.margin_schedule"),
        {
            **typed("VARCHAR", "account_id", "event_ticker", "collateralisation", "structure"),
            **typed("BIGINT", "worst_case_micros", "worst_state_index"),
            "worst_state_label": "VARCHAR",
            **typed(
                "BIGINT",
                "premium_requirement_micros",
                "ramp_numerator",
                "ramp_denominator",
                "ramped_micros",
            ),
        },
    ),
    ModelTable(
        "recompute.combination_credits",
        "one row per account, collateralisation and group of events that hang together through"
        " combinations that the book holds",
        "joint worst case of combinations and the events of their legs, the sum of their single"
        " worst cases, and the credit between the two, whole and weighted by the ramp, in micros;"
        " or why they are not netted",
        "risk",
        ("recompute.event_margin",),
        {
            **typed("VARCHAR", "account_id", "collateralisation", "combination_events"),
            **typed("VARCHAR", "leg_events", "held_events"),
            **typed(
                "BIGINT",
                "joint_states",
                "single_worst_cases_micros",
                "joint_worst_case_micros",
                "credit_micros",
                "ramped_credit_micros",
            ),
            **typed("VARCHAR", "worst_state_label", "not_netted"),
        },
    ),
    ModelTable(
        "recompute.event_parameters",
        "one row per event, or contract of an event of separate binaries",
        "what margin assumes of each event under the schedule in force: legal class and liquidation"
        " period, cluster and correlation, the chance of a sudden resolution in plain and in stress"
        " scenarios, and the volatility of log-odds per square root of a day with its four parts",
        "risk",
        (*BOOK, "validate.margin_schedule"),
        {
            **typed("VARCHAR", "event_ticker", "draws_name", "category", "series_ticker"),
            "legal_class": "VARCHAR",
            **typed("BIGINT", "liquidation_days", "tau_seconds"),
            "cluster": "VARCHAR",
            "rho": "DOUBLE",
            "kappa_bps": "BIGINT",
            **typed("DOUBLE", "by_probability", "jump_probability", "stress_jump_probability"),
            "bucket": "BIGINT",
            **typed(
                "DOUBLE",
                "moving_average_volatility",
                "stress_volatility",
                "ten_year_volatility",
                "bridge_volatility",
                "sigma",
            ),
            "in_scenario_set": "BOOLEAN",
        },
    ),
    ModelTable(
        "recompute.scenario_sets",
        "one row per date",
        "the published scenario set: prices of every contract that is not in full collateral, in"
        " every scenario, with the hash of its Parquet file; from it a member rebuilds its margin",
        "risk",
        ("recompute.event_parameters",),
        {
            **typed("VARCHAR", "schedule_version", "file_name", "sha256"),
            **typed("BIGINT", "bytes", "seed", "scenarios", "stress_scenarios"),
            **typed("BIGINT", "events", "contracts"),
        },
    ),
    ModelTable(
        "recompute.account_margin",
        "one row per account with an open position",
        "worst case, core, initial and maintenance margin recomputed from the trades, booked up to"
        " the centicent, with collateral after haircut and the amount to call",
        "risk",
        (
            "recompute.event_margin",
            "recompute.combination_credits",
            "validate.accounts",
            "validate.collateral",
            "validate.margin_schedule",
        ),
        {
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
                "maintenance_margin_centicents",
                "collateral_value_centicents",
                "call_centicents",
            ),
            **typed("VARCHAR", "jump_cluster", "schedule_version"),
        },
    ),
)
