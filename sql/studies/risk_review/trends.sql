-- grain: one row per metric and series
-- meaning: trends as of the last date of the window that has them
SELECT
    business_date,
    metric,
    series,
    observations,
    value,
    low,
    high,
    co_exceedance,
    half_on,
    projected
FROM recompute.metric_trends
WHERE business_date = (
    SELECT MAX(business_date) FROM recompute.metric_trends WHERE business_date BETWEEN $first AND $last
)
ORDER BY metric, series
