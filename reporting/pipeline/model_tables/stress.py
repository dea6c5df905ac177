"""Tables of stress tests and default drills."""

from reporting.pipeline.model_tables.declaration import BOOK, ModelTable, typed

TABLES = (
    ModelTable(
        "stress.scenarios",
        "one row per scenario",
        "the scenarios of the day in words, versioned and owned",
        "risk",
        ("recompute.state_probabilities", "recompute.event_margin", "validate.members", *BOOK),
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
        "stressed loss, required margin and the shortfall beyond margin and own contribution; house"
        " gains cover customer losses, never the reverse",
        "risk",
        (
            "stress.scenarios",
            *BOOK,
            "recompute.account_margin",
            "validate.accounts",
            "validate.members",
            "validate.guaranty_fund",
        ),
        {
            **typed("VARCHAR", "scenario_id", "affiliate_group"),
            **typed(
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
            **typed("VARCHAR", "scenario_id", "family", "words"),
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
