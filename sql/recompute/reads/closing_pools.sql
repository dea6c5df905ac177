-- grain: one row per category and bucket
-- meaning: squared volatility ratios of the pools of the date, and their event-days so far
SELECT category, bucket, moving_average, stress, ten_years, observations
FROM recompute.volatility_pools
WHERE business_date = $business_date
