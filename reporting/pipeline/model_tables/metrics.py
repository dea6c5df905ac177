"""Tables of the market metrics that are no SELECT."""

from reporting.pipeline.model_tables.declaration import ModelTable, typed

TABLES = (
    ModelTable(
        "recompute.thresholds",
        "one row per date",
        "the policy numbers of surveillance that are in force on the date, as"
        " data_checks/thresholds.yaml says, for the rules that hold a metric against one",
        "risk",
        ("recompute.days",),
        {
            **typed("VARCHAR", "approver", "reason"),
            **typed(
                "BIGINT",
                "loss_share_bps",
                "cluster_least_centicents",
                "leverage_bps",
                "concentration_share_bps",
                "concentration_least_qty",
                "wrong_way_least_centicents",
                "custodian_share_bps",
                "utilisation_bps",
                "unsecured_least_centicents",
                "volatility_coverage_bps",
            ),
        },
    ),
    ModelTable(
        "recompute.metric_trends",
        "one row per metric and series that has enough dates",
        "what many dates say together: growth of open interest over weeks, the six-month trend of"
        " the share on margin and the date on which it passes one half, the change of the average"
        " trade size with its interval, and how event volatility hangs together with broader risk"
        " series; formulas in docs/metrics.md",
        "risk",
        ("recompute.venue_days", "validate.benchmarks"),
        {
            **typed("VARCHAR", "metric", "series"),
            "observations": "BIGINT",
            **typed("DOUBLE", "value", "low", "high", "co_exceedance"),
            "half_on": "DATE",
            "projected": "BOOLEAN",
        },
    ),
)
