-- grain: one row per metric and series with enough dates
-- meaning: growth of open interest, trend of the share on margin, change of the average trade size, and event volatility against broader risk series; numbers in millionths of their unit, formulas in docs/metrics.md
-- owner: risk
-- holds up: nothing
SELECT
    CAST($business_date AS DATE) AS business_date,
    metric,
    series,
    observations,
    CAST(ROUND(value * 1000000) AS BIGINT) AS value_e6,
    CAST(ROUND(low * 1000000) AS BIGINT) AS low_e6,
    CAST(ROUND(high * 1000000) AS BIGINT) AS high_e6,
    CAST(ROUND(co_exceedance * 1000000) AS BIGINT) AS co_exceedance_e6,
    half_on,
    projected
FROM recompute.metric_trends
WHERE business_date = $business_date
ORDER BY metric, series
