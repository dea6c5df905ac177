-- grain: one row per category and parameter that the history says something of
-- meaning: parameters of the margin schedule beside their estimates from the loaded history, in text to four decimals
-- owner: risk
SELECT
    CAST($business_date AS DATE) AS business_date,
    category,
    parameter,
    printf('%.4f', scheduled_ratio) AS scheduled_ratio,
    printf('%.4f', estimated_ratio) AS estimated_ratio,
    printf('%.4f', low_ratio) AS low_ratio,
    printf('%.4f', high_ratio) AS high_ratio,
    observations,
    below_estimate
FROM recompute.parameter_estimates
WHERE business_date = $business_date
ORDER BY parameter, category
