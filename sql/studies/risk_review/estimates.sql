-- grain: one row per category, parameter and business date
-- meaning: parameters of the margin schedule beside their estimates from the history up to the date
SELECT
    business_date,
    category,
    parameter,
    scheduled_ratio,
    estimated_ratio,
    low_ratio,
    high_ratio,
    observations,
    below_estimate
FROM recompute.parameter_estimates
WHERE business_date BETWEEN $first AND $last
ORDER BY category, parameter, business_date
