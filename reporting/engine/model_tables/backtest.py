"""Tables of the backtests, in the order in which they are made."""

from reporting.engine.model_tables.declaration import BOOK, ModelTable, typed

_HELD = typed(
    "BIGINT",
    "margin_centicents",
    "worst_case_centicents",
    "value_at_risk_centicents",
    "expected_shortfall_centicents",
    "alpha_bps",
    "one_day_margin_centicents",
    "five_day_margin_centicents",
)

TABLES = (
    ModelTable(
        "stress.backtest_books",
        "one row per account with margined positions at the close, and portfolio that is made up",
        "books whose loss the backtest watches from the close on: the market-risk part of margin"
        " (core of the margined book, at most its worst case, no add-ons), the same at liquidation"
        " periods of one and five days, the longest liquidation period that the book has, bucket of"
        " time to resolution (0 to 4) and cluster with the largest worst case. Made up, per"
        " category: the most traded contract long and short, the most traded ladder, the most"
        " traded contract of each event",
        "risk",
        (
            *BOOK,
            "recompute.account_margin",
            "recompute.event_margin",
            "recompute.event_parameters",
            "recompute.liquidation_periods",
            "recompute.scenario_sets",
            "validate.margin_schedule",
        ),
        {
            **typed("VARCHAR", "portfolio", "book_id"),
            "liquidation_days": "BIGINT",
            **_HELD,
            "bucket": "BIGINT",
            "cluster": "VARCHAR",
        },
    ),
    ModelTable(
        "stress.backtest_contracts",
        "one row per contract of a book that is watched for longer than to the next close, and of"
        " a portfolio that is made up",
        "the static portfolio: quantity (1e-2 contracts) and mark at the close, liquidation period"
        " and resolution cluster of the event",
        "risk",
        (*BOOK, "recompute.event_parameters", "recompute.scenario_sets"),
        {
            **typed("VARCHAR", "portfolio", "book_id", "event_ticker", "ticker"),
            **typed("BIGINT", "qty", "mark_centicents", "liquidation_days"),
            "cluster": "VARCHAR",
        },
    ),
    ModelTable(
        "stress.backtest_observations",
        "one row per book of an earlier close and horizon that ends with the date: the next close,"
        " and the liquidation period of the book where that is longer",
        "margin that was held against what the unchanged book lost since, at marks and settlements"
        " as known on the date: each contract over the liquidation period of its event; jump is the"
        " part from contracts that settled; cluster is the one that lost most, without a loss that"
        " of the book",
        "risk",
        (
            "stress.backtest_books",
            "stress.backtest_contracts",
            "recompute.days",
            "recompute.positions",
            "recompute.marks",
            "recompute.settlements",
            "recompute.event_parameters",
            "validate.margin_schedule",
        ),
        {
            **typed("VARCHAR", "portfolio", "book_id"),
            "book_date": "DATE",
            "horizon_days": "BIGINT",
            "at_liquidation": "BOOLEAN",
            **_HELD,
            **typed(
                "BIGINT",
                "loss_micros",
                "diffusion_loss_micros",
                "jump_loss_micros",
                "uncovered_micros",
                "shortfall_ratio_e9",
            ),
            "breach": "BOOLEAN",
            **typed("VARCHAR", "cause", "bucket", "cluster"),
        },
    ),
    ModelTable(
        "stress.backtest_results",
        "one row per portfolio, horizon and group: all books, and of accounts at the liquidation"
        " period each bucket of time to resolution",
        "coverage over the latest dates (as many as data_checks/thresholds.yaml says) and its"
        " tests: breaches by cause, uncovered amounts, Kupiec's proportion of failures,"
        " Christoffersen's independence and conditional coverage, exact binomial, traffic light,"
        " exact interval, interval with each resolution cluster as one draw, Acerbi and Szekely's"
        " Z2, each empty where there are not enough observations; sums of margin over the"
        " observations, in force and at liquidation periods of one and five days, with the breaches"
        " under each",
        "risk",
        (
            "stress.backtest_counts",
            "recompute.days",
            "validate.margin_schedule",
        ),
        {
            **typed("VARCHAR", "portfolio", "horizon", "bucket"),
            **typed(
                "BIGINT",
                "days",
                "observations",
                "breaches",
                "jump_breaches",
                "diffusion_breaches",
                "required_coverage_bps",
            ),
            "achieved_coverage": "DOUBLE",
            **typed(
                "BIGINT",
                "uncovered_micros",
                "average_uncovered_micros",
                "peak_uncovered_micros",
            ),
            **typed(
                "DOUBLE",
                "kupiec_statistic",
                "kupiec_p_value",
                "independence_statistic",
                "independence_p_value",
                "conditional_statistic",
                "conditional_p_value",
                "binomial_p_value",
            ),
            "zone": "VARCHAR",
            **typed("DOUBLE", "lowest_coverage", "highest_coverage", "z2"),
            "clusters": "BIGINT",
            **typed("DOUBLE", "clustered_lowest_coverage", "clustered_highest_coverage"),
            **typed(
                "BIGINT",
                "margin_centicents",
                "what_if_observations",
                "one_day_margin_centicents",
                "one_day_breaches",
                "five_day_margin_centicents",
                "five_day_breaches",
            ),
        },
    ),
    ModelTable(
        "stress.procyclicality",
        "one row per category with a volatility pool",
        "market-risk margin of a constant portfolio, one contract of each of ten binary events at"
        " 0.50 that resolve apart in 30 days, under the day's schedule and pools, and how it moved"
        " over the latest dates: peak to trough, largest growth over 1, 5 and 30 dates",
        "risk",
        (
            "stress.procyclicality",
            "recompute.volatility_pools",
            "recompute.days",
            "validate.margin_schedule",
        ),
        {
            "category": "VARCHAR",
            "liquidation_days": "BIGINT",
            "sigma": "DOUBLE",
            **typed(
                "BIGINT",
                "worst_case_centicents",
                "margin_centicents",
                "days",
                "least_centicents",
                "largest_centicents",
            ),
            "peak_to_trough": "DOUBLE",
            "growth_1": "DOUBLE",
            "increase_1_centicents": "BIGINT",
            "growth_5": "DOUBLE",
            "increase_5_centicents": "BIGINT",
            "growth_30": "DOUBLE",
            "increase_30_centicents": "BIGINT",
        },
    ),
)
