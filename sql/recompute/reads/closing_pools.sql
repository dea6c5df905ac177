-- grain: one row per category and bucket
-- meaning: volatility pools of the date, as standard deviations a day
SELECT category, bucket, sqrt(variance), sqrt(stress_variance), sqrt(ten_year_variance)
FROM recompute.volatility_pools
WHERE business_date = $business_date
