-- grain: one row per category and bucket
-- meaning: variances of the volatility pools of the date
SELECT category, bucket, variance, stress_variance, ten_year_variance
FROM recompute.volatility_pools
WHERE business_date = $business_date
