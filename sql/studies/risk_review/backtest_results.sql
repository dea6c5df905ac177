-- grain: one row per portfolio, horizon and bucket
-- meaning: backtest results as of the last date of the window that has them
SELECT
    business_date,
    portfolio,
    horizon,
    bucket,
    days,
    observations,
    breaches,
    jump_breaches,
    required_coverage_bps,
    achieved_coverage,
    kupiec_p_value,
    independence_p_value,
    binomial_p_value,
    zone,
    z2,
    clusters,
    clustered_lowest_coverage,
    clustered_highest_coverage,
    margin_centicents,
    what_if_observations,
    one_day_margin_centicents,
    one_day_breaches,
    five_day_margin_centicents,
    five_day_breaches
FROM stress.backtest_results
WHERE business_date = (
    SELECT MAX(business_date) FROM stress.backtest_results WHERE business_date BETWEEN $first AND $last
)
ORDER BY horizon, portfolio, bucket <> 'all', bucket
