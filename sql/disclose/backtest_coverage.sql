-- grain: one row per portfolio, horizon and group of the backtest
-- meaning: coverage of the market-risk part of margin over the loaded history, with its tests; shares, statistics and p-values in millionths; also coverage under liquidation periods of one and of five days
-- owner: risk
SELECT
    CAST($business_date AS DATE) AS business_date,
    portfolio,
    horizon,
    bucket,
    days,
    observations,
    breaches,
    jump_breaches,
    diffusion_breaches,
    required_coverage_bps,
    CAST(ROUND(achieved_coverage * 1000000) AS BIGINT) AS achieved_coverage_e6,
    average_uncovered_micros,
    peak_uncovered_micros,
    CAST(ROUND(kupiec_statistic * 1000000) AS BIGINT) AS kupiec_statistic_e6,
    CAST(ROUND(kupiec_p_value * 1000000) AS BIGINT) AS kupiec_p_value_e6,
    CAST(ROUND(independence_statistic * 1000000) AS BIGINT) AS independence_statistic_e6,
    CAST(ROUND(independence_p_value * 1000000) AS BIGINT) AS independence_p_value_e6,
    CAST(ROUND(conditional_statistic * 1000000) AS BIGINT) AS conditional_statistic_e6,
    CAST(ROUND(conditional_p_value * 1000000) AS BIGINT) AS conditional_p_value_e6,
    CAST(ROUND(binomial_p_value * 1000000) AS BIGINT) AS binomial_p_value_e6,
    zone,
    CAST(ROUND(z2 * 1000000) AS BIGINT) AS z2_e6,
    clusters,
    CAST(ROUND(clustered_lowest_coverage * 1000000) AS BIGINT) AS clustered_lowest_coverage_e6,
    CAST(ROUND(clustered_highest_coverage * 1000000) AS BIGINT) AS clustered_highest_coverage_e6,
    margin_centicents,
    what_if_observations,
    one_day_margin_centicents,
    one_day_breaches,
    five_day_margin_centicents,
    five_day_breaches
FROM stress.backtest_results
WHERE business_date = $business_date
ORDER BY portfolio, horizon, bucket
