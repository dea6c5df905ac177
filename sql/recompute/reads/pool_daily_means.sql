-- grain: one row per category and bucket
-- meaning: mean observation of the pool on each date up to this one, in order of date
WITH pools AS (
    -- Two reads: today's rows are in memory, the others in the lake.
    SELECT business_date, category, bucket, observed_events, sum_of_observations_e12
    FROM recompute.volatility_pools
    WHERE business_date = $business_date
    UNION ALL
    SELECT business_date, category, bucket, observed_events, sum_of_observations_e12
    FROM recompute.volatility_pools
    WHERE business_date < $business_date
)
SELECT category, bucket,
    list(sum_of_observations_e12 / 1000000000000 / observed_events ORDER BY business_date)
FROM pools
WHERE observed_events > 0
GROUP BY category, bucket
