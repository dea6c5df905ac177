"""Tables of the market metrics and of surveillance at the end of the day that are no SELECT."""

from dataclasses import fields

from reporting.engine.model_tables.declaration import ModelTable, typed
from reporting.rulebook.thresholds import Thresholds

ALERT = {
    **typed("VARCHAR", "kind", "subject", "account_id", "words"),
    **typed("BIGINT", "amount_centicents", "threshold_centicents"),
    "file_sha256": "VARCHAR",
    "line": "BIGINT",
}
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
            **typed("BIGINT", *(each.name for each in fields(Thresholds) if each.type is int)),
        },
    ),
    ModelTable(
        "recompute.exposures",
        "one row per kind and subject",
        "what calls for a person at the end of the day: leverage, concentration and wrong-way"
        " exposure, each with its amount and the threshold that it exceeds"
        " (data_checks/thresholds.yaml), and file and line of the venue's price of the market that"
        " it is about, empty where it is about many",
        "risk",
        (
            "recompute.account_margin",
            "recompute.event_margin",
            "recompute.positions",
            "recompute.thresholds",
            "validate.accounts",
            "validate.market_price_snapshot",
        ),
        ALERT,
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
