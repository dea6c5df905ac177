"""Tables that the model makes: what they hold and what they read.

The values come from ``recompute.py``, ``stress.py`` and ``disclose.py``; this is
their declaration, as the header of a SQL file is for a SELECT.
"""

from dataclasses import dataclass

import pyarrow


@dataclass(frozen=True)
class ModelTable:
    """Declaration of one table; ``columns`` leaves out ``business_date``.

    Empty ``reads``: the table reads all figures of ``sql/disclose/``.
    """

    name: str
    grain: str
    meaning: str
    owner: str
    reads: tuple[str, ...]
    columns: dict[str, str]


def _typed(kind: str, *names: str) -> dict[str, str]:
    return {name: kind for name in names}


_BOOK = (
    "recompute.positions",
    "recompute.marks",
    "recompute.settlements",
    "recompute.contracts",
    "recompute.trading_volume",
    "recompute.volatility_pools",
)

MODEL_TABLES = (
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
            **_typed(
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
            **_typed("BIGINT", "leg_index", "event_legs"),
            "collateral_return": "VARCHAR",
            "void_rule": "VARCHAR",
            "resolution_utc": "TIMESTAMP",
            "tau_seconds": "BIGINT",
            "fee_type": "VARCHAR",
            "fee_multiplier_e4": "BIGINT",
            **_typed("BOOLEAN", "has_metadata", "can_close_early"),
        },
    ),
    ModelTable(
        "recompute.state_probabilities",
        "one row per event with a mark and outcome state",
        "probability of each outcome state implied by the marks; the gap is the largest difference"
        " between a mark and the price that the probabilities give back",
        "risk",
        _BOOK,
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
        (*_BOOK, "recompute.scenario_sets", "validate.accounts", "validate.margin_schedule"),
        {
            **_typed("VARCHAR", "account_id", "event_ticker", "collateralisation", "structure"),
            **_typed("BIGINT", "worst_case_micros", "worst_state_index"),
            "worst_state_label": "VARCHAR",
            **_typed(
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
            **_typed("VARCHAR", "account_id", "collateralisation", "combination_events"),
            **_typed("VARCHAR", "leg_events", "held_events"),
            **_typed(
                "BIGINT",
                "joint_states",
                "single_worst_cases_micros",
                "joint_worst_case_micros",
                "credit_micros",
                "ramped_credit_micros",
            ),
            **_typed("VARCHAR", "worst_state_label", "not_netted"),
        },
    ),
    ModelTable(
        "recompute.event_parameters",
        "one row per event, or contract of an event of separate binaries",
        "what margin assumes of each event under the schedule in force: legal class and liquidation"
        " period, cluster and correlation, the chance of a sudden resolution in plain and in stress"
        " scenarios, and the volatility of log-odds per square root of a day with its four parts",
        "risk",
        (*_BOOK, "validate.margin_schedule"),
        {
            **_typed("VARCHAR", "event_ticker", "draws_name", "category", "series_ticker"),
            "legal_class": "VARCHAR",
            **_typed("BIGINT", "liquidation_days", "tau_seconds"),
            "cluster": "VARCHAR",
            "rho": "DOUBLE",
            "kappa_bps": "BIGINT",
            **_typed("DOUBLE", "by_probability", "jump_probability", "stress_jump_probability"),
            "bucket": "BIGINT",
            **_typed(
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
            **_typed("VARCHAR", "schedule_version", "file_name", "sha256"),
            **_typed("BIGINT", "bytes", "seed", "scenarios", "stress_scenarios"),
            **_typed("BIGINT", "events", "contracts"),
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
            **_typed("VARCHAR", "account_id", "member_id", "origin"),
            **_typed(
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
            **_typed("VARCHAR", "jump_cluster", "schedule_version"),
        },
    ),
    ModelTable(
        "recompute.pairwise_netting",
        "one row per account and event in which the venue returns collateral for pairs",
        "worst case of the margined book without netting, with the venue's pairwise netting, and"
        " exactly: pairwise is never below exact, and what lies between is margin that the outcomes"
        " do not need",
        "risk",
        ("recompute.event_margin",),
        {
            **_typed("VARCHAR", "account_id", "event_ticker", "collateral_return"),
            **_typed(
                "BIGINT",
                "gross_worst_case_micros",
                "pairwise_worst_case_micros",
                "exact_worst_case_micros",
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
            **_typed(
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
        " draws: correlation, jump rate, volatility, ramp, confidence; resolution correlation"
        " cannot be estimated, so the margin under others is shown",
        "risk",
        ("recompute.account_margin",),
        {
            "variant": "BIGINT",
            **_typed("VARCHAR", "parameter", "value"),
            **_typed(
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
            *_BOOK,
            "recompute.state_probabilities",
            "recompute.account_margin",
            "validate.accounts",
            "validate.collateral",
            "validate.margin_schedule",
            "validate.markets",
        ),
        {
            "account_id": "VARCHAR",
            **_typed(
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
            *_BOOK,
            "recompute.account_margin",
            "recompute.position_breaks",
            "validate.margin_requirements",
            "validate.margin_schedule",
            "validate.accounts",
            "validate.collateral",
        ),
        {
            **_typed("VARCHAR", "account_id", "member_id", "status", "cause"),
            **_typed(
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
                "call_at_venue_margin_centicents",
            ),
            **_typed(
                "BOOLEAN",
                "contract_by_contract",
                "worst_case_unexplained",
                "core_unexplained",
                "initial_unexplained",
            ),
            **_typed(
                "VARCHAR",
                "parameter_version",
                "venue_schedule_version",
                "schedule_version",
                "file_sha256",
            ),
            "line": "BIGINT",
        },
    ),
    ModelTable(
        "recompute.cycle_margin",
        "one row per intraday cycle and account with an open position or a variation",
        "margin recomputed at the cycle, collateral after haircut as known then, variation since"
        " the last end of day before fees (negative = the account owes it), of all positions and"
        " of the margined ones, the shortfall of collateral and variation against initial margin,"
        " and the venue's initial margin of the cycle less ours; file and line of the venue's row,"
        " empty where it has none",
        "risk",
        (
            "recompute.cycles",
            "recompute.cycle_marks",
            "recompute.cycle_positions",
            "recompute.cycle_collateral",
            "recompute.contracts",
            "validate.accounts",
            "validate.margin_schedule",
            "validate.margin_requirements",
        ),
        {
            "cycle": "VARCHAR",
            "cycle_utc": "TIMESTAMP",
            **_typed("VARCHAR", "account_id", "member_id", "origin"),
            **_typed(
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
                "venue_initial_centicents",
                "difference_centicents",
            ),
            **_typed("VARCHAR", "jump_cluster", "schedule_version", "file_sha256"),
            "line": "BIGINT",
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
        ("recompute.cycle_margin", "recompute.event_parameters"),
        {
            **_typed("VARCHAR", "cycle", "kind", "subject", "account_id", "words"),
            **_typed("BIGINT", "amount_centicents", "threshold_centicents"),
            "file_sha256": "VARCHAR",
            "line": "BIGINT",
        },
    ),
    ModelTable(
        "stress.scenarios",
        "one row per scenario",
        "the scenarios of the day in words, versioned and owned",
        "risk",
        ("recompute.state_probabilities", "recompute.event_margin", "validate.members", *_BOOK),
        _typed(
            "VARCHAR",
            "scenario_id",
            "family",
            "version",
            "words",
            "event_ticker",
            "category",
            "state_label",
            "owner",
        ),
    ),
    ModelTable(
        "stress.group_losses",
        "one row per scenario and affiliate group",
        "stressed loss, required margin and the shortfall beyond margin and own contribution; house"
        " gains cover customer losses, never the reverse",
        "risk",
        (
            "stress.scenarios",
            *_BOOK,
            "recompute.account_margin",
            "validate.accounts",
            "validate.members",
            "validate.guaranty_fund",
        ),
        {
            **_typed("VARCHAR", "scenario_id", "affiliate_group"),
            **_typed(
                "BIGINT",
                "stressed_loss_centicents",
                "margin_required_centicents",
                "own_fund_centicents",
                "shortfall_centicents",
            ),
        },
    ),
    ModelTable(
        "stress.cover",
        "one row per scenario",
        "the largest and the two largest group shortfalls against prefunded resources",
        "risk",
        ("stress.group_losses", "stress.scenarios", "validate.resources", "validate.guaranty_fund"),
        {
            **_typed("VARCHAR", "scenario_id", "family", "words"),
            "cover_1_centicents": "BIGINT",
            "cover_1_group": "VARCHAR",
            "cover_1_prefunded_centicents": "BIGINT",
            "cover_2_centicents": "BIGINT",
            "cover_2_groups": "VARCHAR",
            "prefunded_centicents": "BIGINT",
            "covered": "BOOLEAN",
        },
    ),
    ModelTable(
        "stress.drill",
        "one row per default drill",
        "the group assumed to default, its scenario and loss, and what no layer took",
        "risk",
        ("stress.cover", "stress.group_losses"),
        {
            **_typed("VARCHAR", "drill_id", "affiliate_group", "scenario_id", "words"),
            "loss_centicents": "BIGINT",
            "unallocated_centicents": "BIGINT",
        },
    ),
    ModelTable(
        "stress.drill_layers",
        "one row per drill and layer of the default waterfall, in order of use",
        "size, used and remaining of each layer",
        "risk",
        (
            "stress.drill",
            "validate.resources",
            "validate.guaranty_fund",
            "recompute.account_margin",
        ),
        {
            "drill_id": "VARCHAR",
            "layer_order": "BIGINT",
            **_typed("VARCHAR", "layer_id", "layer_type", "words"),
            **_typed("BIGINT", "size_centicents", "used_centicents", "remaining_centicents"),
        },
    ),
    ModelTable(
        "stress.drill_allocations",
        "one row per drill, layer and party that bears a loss",
        "who bears how much of each layer",
        "risk",
        ("stress.drill_layers",),
        {**_typed("VARCHAR", "drill_id", "layer_id", "party"), "amount_centicents": "BIGINT"},
    ),
    ModelTable(
        "stress.drill_positions",
        "one row per drill, account and market of the defaulter",
        "the positions that a default manager would have to hedge, auction or hold",
        "risk",
        ("stress.drill", *_BOOK),
        {
            **_typed("VARCHAR", "drill_id", "account_id", "ticker"),
            **_typed("BIGINT", "closing_qty", "mark_centicents"),
        },
    ),
    ModelTable(
        "disclose.pack_files",
        "one row per pack and edition",
        "the PDF packs made for the day, with their hash",
        "disclosure",
        (),
        {
            **_typed("VARCHAR", "pack", "edition", "file_name", "sha256"),
            **_typed("BIGINT", "bytes", "pages"),
        },
    ),
)

_ARROW = {
    "VARCHAR": pyarrow.string(),
    "BIGINT": pyarrow.int64(),
    "DOUBLE": pyarrow.float64(),
    "BOOLEAN": pyarrow.bool_(),
    "TIMESTAMP": pyarrow.timestamp("us"),
}


def schema_of(name: str) -> pyarrow.Schema:
    """The columns of a declared table, for a producer that may have no row."""
    columns = next(table.columns for table in MODEL_TABLES if table.name == name)
    return pyarrow.schema([(column, _ARROW[kind]) for column, kind in columns.items()])
