-- grain: one row per category and parameter that the history says something of
-- meaning: parameters of the margin schedule beside their estimates from the loaded history
-- owner: risk
SELECT
    CAST($business_date AS DATE) AS business_date,
    category,
    parameter,
    scheduled_ratio,
    estimated_ratio,
    low_ratio,
    high_ratio,
    observations,
    below_estimate
FROM recompute.parameter_estimates
WHERE business_date = $business_date
ORDER BY parameter, category
