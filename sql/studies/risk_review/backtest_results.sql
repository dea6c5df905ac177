-- grain: one row per portfolio, horizon and bucket
-- meaning: backtest results of model-driven books as of the last date of the window that has them, with the observations of all books
WITH latest AS (
    SELECT *
    FROM stress.backtest_results
    WHERE business_date = (
        SELECT MAX(business_date) FROM stress.backtest_results
        WHERE business_date BETWEEN $first AND $last
    )
)
SELECT
    driven.business_date,
    driven.portfolio,
    driven.horizon,
    driven.bucket,
    driven.days,
    driven.observations,
    all_books.observations AS all_observations,
    driven.breaches,
    driven.jump_breaches,
    driven.required_coverage_bps,
    driven.achieved_coverage,
    driven.kupiec_p_value,
    driven.independence_p_value,
    driven.binomial_p_value,
    driven.zone,
    driven.z2,
    driven.clusters,
    driven.clustered_lowest_coverage,
    driven.clustered_highest_coverage,
    driven.dated_lowest_coverage,
    driven.dated_highest_coverage,
    driven.independent_draws,
    driven.coverage_verdict,
    driven.coverage_basis,
    driven.margin_needed_bps,
    all_books.margin_centicents,
    all_books.breaches AS all_breaches,
    all_books.what_if_observations,
    all_books.one_day_margin_centicents,
    all_books.one_day_breaches,
    all_books.five_day_margin_centicents,
    all_books.five_day_breaches
FROM latest AS driven
JOIN latest AS all_books
    ON all_books.portfolio = driven.portfolio AND all_books.horizon = driven.horizon
    AND all_books.bucket = driven.bucket AND all_books.books = 'all'
WHERE driven.books = 'model-driven'
ORDER BY driven.horizon, driven.portfolio, driven.bucket <> 'all', driven.bucket
