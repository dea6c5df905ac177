"""Tables of stress tests and default drills."""

from reporting.engine.model_tables.declaration import BOOK, ModelTable, typed

TABLES = (
    ModelTable(
        "stress.category_moves",
        "one row per category of which a market traded on the date and the date before",
        "how far the category moved, in standard normal units: the 95 % quantile over its markets;"
        " the replays read the rows of the year back",
        "risk",
        ("recompute.marks", "recompute.contracts"),
        {"category": "VARCHAR", "move": "DOUBLE"},
    ),
    ModelTable(
        "stress.scenarios",
        "one row per scenario",
        "the scenarios of the day in words, versioned and owned",
        "risk",
        (
            "stress.category_moves",
            "recompute.state_probabilities",
            "recompute.event_margin",
            "recompute.event_parameters",
            "recompute.days",
            "validate.collateral",
            "validate.margin_schedule",
            "validate.members",
            *BOOK,
        ),
        typed(
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
        "stressed loss, required margin, what of it collateral no longer covers, what losses exceed"
        " margin by, account by account (uncovered), and the shortfall beyond that and the own"
        " contribution; house gains cover customer losses, never the reverse",
        "risk",
        (
            "stress.scenarios",
            *BOOK,
            "recompute.account_margin",
            "recompute.event_parameters",
            "validate.accounts",
            "validate.collateral",
            "validate.margin_schedule",
            "validate.members",
            "validate.guaranty_fund",
        ),
        {
            **typed("VARCHAR", "scenario_id", "affiliate_group"),
            **typed(
                "BIGINT",
                "stressed_loss_centicents",
                "margin_required_centicents",
                "margin_lost_centicents",
                "uncovered_centicents",
                "own_fund_centicents",
                "shortfall_centicents",
            ),
        },
    ),
    ModelTable(
        "stress.cover",
        "one row per scenario",
        "the largest and the two largest group shortfalls against prefunded resources without these"
        " groups and what counts of assessments on the others: of what can be called (callable)"
        " 70 %, for at most 20 % of the requirement; exhausted_by: the fewest groups that together"
        " exhaust what is prefunded",
        "risk",
        ("stress.group_losses", "stress.scenarios", "validate.resources", "validate.guaranty_fund"),
        {
            **typed("VARCHAR", "scenario_id", "family", "words"),
            "cover_1_centicents": "BIGINT",
            "cover_1_group": "VARCHAR",
            **typed(
                "BIGINT",
                "cover_1_prefunded_centicents",
                "cover_1_callable_centicents",
                "cover_1_assessments_centicents",
            ),
            "cover_1_covered": "BOOLEAN",
            "cover_2_centicents": "BIGINT",
            "cover_2_groups": "VARCHAR",
            **typed("BIGINT", "prefunded_centicents", "callable_centicents"),
            "assessments_centicents": "BIGINT",
            "covered": "BOOLEAN",
            "exhausted_by": "VARCHAR",
        },
    ),
    ModelTable(
        "stress.reverse",
        "one row per date",
        "the fewest resolutions at once that exhaust prefunded resources, none where no set does:"
        " whether that is proven, what no smaller set can do, how likely they are together, and"
        " the work that was done",
        "risk",
        ("stress.scenarios", "validate.resources", "validate.guaranty_fund"),
        {
            "resolutions": "BIGINT",
            "proven": "BOOLEAN",
            **typed(
                "BIGINT",
                "at_least",
                "least_resolutions",
                "excess_centicents",
                "resources_centicents",
            ),
            **typed("DOUBLE", "independent_probability", "correlated_probability"),
            **typed("BIGINT", "events", "nodes", "node_limit"),
            "version": "VARCHAR",
        },
    ),
    ModelTable(
        "stress.reverse_resolutions",
        "one row per resolution of the reverse stress",
        "which events resolve in which state, and how likely each is alone",
        "risk",
        ("stress.reverse",),
        {
            "resolution": "BIGINT",
            **typed("VARCHAR", "event_ticker", "category", "state_label"),
            "probability": "DOUBLE",
        },
    ),
    ModelTable(
        "stress.liquidity",
        "one row per currency and number of failing payers",
        "payments of the next 24 hours when the one or two largest payers fail, against qualifying"
        " liquid resources, and the regulatory floor; paid_centicents and members of the date are"
        " carried for the floor",
        "risk",
        (
            "stress.group_losses",
            "recompute.days",
            "validate.obligations",
            "validate.accounts",
            "validate.collateral",
            "validate.resources",
        ),
        {
            "currency": "VARCHAR",
            "failing_payers": "BIGINT",
            **typed("VARCHAR", "affiliate_groups", "scenario_id", "words"),
            **typed(
                "BIGINT",
                "outflow_centicents",
                "resources_centicents",
                "first_resources_centicents",
                "least_left_centicents",
                "hours",
                "hours_survived",
            ),
            "covered": "BOOLEAN",
            **typed("BIGINT", "paid_centicents", "members", "floor_days", "floor_centicents"),
        },
    ),
    ModelTable(
        "stress.liquidity_hours",
        "one row per currency, number of failing payers and hour after the end of the date",
        "what falls due for the failing groups in the hour and up to it, what resources leave, and"
        " what of it nothing could be drawn for when it was due",
        "risk",
        ("stress.liquidity",),
        {
            "currency": "VARCHAR",
            **typed("BIGINT", "failing_payers", "hour"),
            "from_utc": "TIMESTAMP",
            **typed(
                "BIGINT",
                "due_centicents",
                "outflow_centicents",
                "resources_centicents",
                "left_centicents",
                "unmet_centicents",
            ),
        },
    ),
    ModelTable(
        "stress.liquidity_facilities",
        "one row per currency, number of failing payers, facility and hour in which it is drawn, or"
        " first could be if it never is",
        "what pays for the failing groups, in the order of the waterfall's layers: what each gives"
        " in the hour, and what it then has left",
        "risk",
        ("stress.liquidity", "validate.resources", "validate.guaranty_fund"),
        {
            "currency": "VARCHAR",
            **typed("BIGINT", "failing_payers", "draw_order"),
            "facility": "VARCHAR",
            **typed(
                "BIGINT",
                "hour",
                "notice_hours",
                "capacity_centicents",
                "drawn_centicents",
                "remaining_centicents",
            ),
        },
    ),
    ModelTable(
        "stress.drill",
        "one row per default drill",
        "the group assumed to default, its scenario and loss, and what no layer took",
        "risk",
        ("stress.cover", "stress.group_losses"),
        {
            **typed("VARCHAR", "drill_id", "affiliate_group", "scenario_id", "words"),
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
            **typed("VARCHAR", "layer_id", "layer_type", "words"),
            **typed("BIGINT", "size_centicents", "used_centicents", "remaining_centicents"),
        },
    ),
    ModelTable(
        "stress.drill_allocations",
        "one row per drill, layer and party that bears a loss",
        "who bears how much of each layer",
        "risk",
        ("stress.drill_layers",),
        {**typed("VARCHAR", "drill_id", "layer_id", "party"), "amount_centicents": "BIGINT"},
    ),
    ModelTable(
        "stress.drill_positions",
        "one row per drill, account and market of the defaulter",
        "the positions that a default manager would have to hedge, auction or hold",
        "risk",
        ("stress.drill", *BOOK),
        {
            **typed("VARCHAR", "drill_id", "account_id", "ticker"),
            **typed("BIGINT", "closing_qty", "mark_centicents"),
        },
    ),
)
