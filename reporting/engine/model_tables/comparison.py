"""Tables that hold margin against others: the venue, other methods, the replica."""

from reporting.engine.model_tables.declaration import BOOK, ModelTable, typed

BREAK = {
    **typed("VARCHAR", "account_id", "member_id", "status", "cause"),
    **typed(
        "BIGINT",
        "venue_initial_centicents",
        "recomputed_initial_centicents",
        "venue_worst_case_centicents",
        "recomputed_worst_case_centicents",
        "difference_centicents",
        "position_effect_centicents",
        "mark_effect_centicents",
        "netting_effect_centicents",
        "parameter_effect_centicents",
        "residual_centicents",
        "worst_case_difference_centicents",
        "worst_case_residual_centicents",
        "venue_core_centicents",
        "recomputed_core_centicents",
        "core_difference_centicents",
        "core_residual_centicents",
        "venue_add_ons_centicents",
    ),
    **typed(
        "BOOLEAN",
        "contract_by_contract",
        "worst_case_unexplained",
        "core_unexplained",
        "initial_unexplained",
    ),
    **typed(
        "VARCHAR",
        "parameter_version",
        "venue_schedule_version",
        "schedule_version",
        "file_sha256",
    ),
    "line": "BIGINT",
}
"""The venue's margin of an account against ours; the order is that of the tables."""

TABLES = (
    ModelTable(
        "recompute.pairwise_netting",
        "one row per account and event in which the venue returns collateral for pairs",
        "worst case of the margined book without netting, with the venue's pairwise netting, and"
        " exactly: pairwise is never below exact, and what lies between is margin that the outcomes"
        " do not need",
        "risk",
        ("recompute.event_margin",),
        {
            **typed("VARCHAR", "account_id", "event_ticker", "collateral_return"),
            **typed(
                "BIGINT",
                "gross_worst_case_micros",
                "pairwise_worst_case_micros",
                "exact_worst_case_micros",
            ),
        },
    ),
    ModelTable(
        "recompute.peer_margin",
        "one row per account and collateralisation with an open position",
        "margin of other kinds of venue on the same book beside ours, in micros (docs/peers.md):"
        " scanning-range margin as of a futures clearing house at the rates of"
        " data_checks/peer_rates.yaml, and collateral locked on a decentralised venue that converts"
        " sets of outcomes; differences are the peer less ours",
        "risk",
        ("recompute.account_margin",),
        {
            **typed("VARCHAR", "account_id", "collateralisation"),
            **typed(
                "BIGINT",
                "initial_margin_micros",
                "worst_case_micros",
                "scanning_risk_micros",
                "spread_charge_micros",
                "spread_credit_micros",
                "short_minimum_micros",
                "scanning_margin_micros",
                "net_option_value_micros",
                "premium_paid_scanning_micros",
                "without_netting_micros",
                "conversion_micros",
                "full_sets_micros",
                "scanning_less_initial_micros",
                "scanning_less_worst_case_micros",
                "conversion_less_worst_case_micros",
            ),
        },
    ),
    ModelTable(
        "recompute.liquidation_periods",
        "one row per account with an open position",
        "core and initial margin as if every contract were liquidated in one day (futures and"
        " options) and in five (swaps): the legal class weighs more than any other parameter",
        "risk",
        ("recompute.account_margin",),
        {
            "account_id": "VARCHAR",
            **typed(
                "BIGINT",
                "one_day_core_centicents",
                "one_day_initial_centicents",
                "five_day_core_centicents",
                "five_day_initial_centicents",
            ),
        },
    ),
    ModelTable(
        "recompute.sensitivity",
        "one row per changed assumption",
        "total core and initial margin of all accounts when one assumption is changed, on the same"
        " draws: correlation, jump rate, volatility, ramp, decay of the moving averages (lambda),"
        " confidence; resolution correlation cannot be estimated, so the margin under others is"
        " shown",
        "risk",
        ("recompute.account_margin", "recompute.volatility_pools"),
        {
            "variant": "BIGINT",
            **typed("VARCHAR", "parameter", "value"),
            **typed(
                "BIGINT",
                "core_centicents",
                "initial_margin_centicents",
                "change_centicents",
                "accounts_higher",
                "accounts_lower",
                "largest_rise_centicents",
            ),
        },
    ),
    ModelTable(
        "recompute.replica_checks",
        "one row per account of the day's sample",
        "margin computed a second time, by the plain implementation, with scenarios that it draws"
        " itself, beside ours. Of the ten accounts with margined positions whose SHA-256 of date"
        " and account is smallest, the first three that are cheap enough: together at most 200,000"
        " states x scenarios a day (draws); `reporting replicate --redraw` takes any account",
        "risk",
        (
            *BOOK,
            "recompute.state_probabilities",
            "recompute.account_margin",
            "validate.accounts",
            "validate.collateral",
            "validate.margin_schedule",
            "validate.markets",
        ),
        {
            "account_id": "VARCHAR",
            **typed(
                "BIGINT",
                "draws",
                "worst_case_micros",
                "expected_shortfall_centicents",
                "jump_to_resolution_centicents",
                "core_centicents",
                "add_ons_centicents",
                "initial_margin_centicents",
                "replica_worst_case_micros",
                "replica_expected_shortfall_centicents",
                "replica_jump_to_resolution_centicents",
                "replica_core_centicents",
                "replica_add_ons_centicents",
                "replica_initial_margin_centicents",
            ),
        },
    ),
    ModelTable(
        "recompute.margin_breaks",
        "one row per account with a margin, charged or recomputed",
        "venue's initial margin less ours, split in order into position, mark, netting, parameter"
        " and residual effects that sum to the difference exactly; of worst case and core the"
        " difference, and the residual that the venue's positions, marks, netting and schedule"
        " leave; what is unexplained, at its first step; the call that the venue's own margin"
        " needs; file and line of the venue's row, empty where it has none",
        "risk",
        (
            *BOOK,
            "recompute.account_margin",
            "recompute.position_breaks",
            "validate.margin_requirements",
            "validate.margin_schedule",
            "validate.accounts",
            "validate.collateral",
        ),
        {
            **BREAK,
            "call_at_venue_margin_centicents": "BIGINT",
        },
    ),
)
