-- grain: one row per category and bucket
-- meaning: volatility pools in force within the date, as standard deviations a day: those of the day before, since the pools of the date are observed when it ends
SELECT pools.category, pools.bucket, sqrt(pools.variance), sqrt(pools.stress_variance),
    sqrt(pools.ten_year_variance)
FROM recompute.volatility_pools AS pools
JOIN recompute.days AS days ON days.previous_business_date = pools.business_date
WHERE days.business_date = $business_date
