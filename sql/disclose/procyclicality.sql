-- grain: one row per category with a volatility pool
-- meaning: market-risk margin of a constant portfolio, and its moves over the loaded history; ratio and growth in millionths
-- owner: risk
SELECT
    CAST($business_date AS DATE) AS business_date,
    category,
    liquidation_days,
    worst_case_centicents,
    margin_centicents,
    days,
    least_centicents,
    largest_centicents,
    CAST(ROUND(peak_to_trough * 1000000) AS BIGINT) AS peak_to_trough_e6,
    CAST(ROUND(growth_1 * 1000000) AS BIGINT) AS growth_1_e6,
    CAST(ROUND(growth_5 * 1000000) AS BIGINT) AS growth_5_e6,
    CAST(ROUND(growth_30 * 1000000) AS BIGINT) AS growth_30_e6,
    increase_1_centicents,
    increase_5_centicents,
    increase_30_centicents
FROM stress.procyclicality
WHERE business_date = $business_date
ORDER BY category
