-- grain: one row per category and parameter that the history says something of
-- meaning: parameters of the margin schedule beside their estimates from the loaded history
-- owner: risk
SELECT
    CAST($business_date AS DATE) AS business_date,
    category,
    parameter,
    CAST(ROUND(scheduled_ratio * 10000) AS BIGINT) AS scheduled_bps,
    CAST(ROUND(estimated_ratio * 10000) AS BIGINT) AS estimated_bps,
    CAST(ROUND(low_ratio * 10000) AS BIGINT) AS low_bps,
    CAST(ROUND(high_ratio * 10000) AS BIGINT) AS high_bps,
    observations,
    below_estimate
FROM recompute.parameter_estimates
WHERE business_date = $business_date
ORDER BY parameter, category
