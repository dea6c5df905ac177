-- grain: one row per category and bucket
-- meaning: volatility pools in force within the date, with their event-days so far: those of the day before, since the pools of the date are observed when it ends
SELECT pools.category, pools.bucket, pools.moving_average, pools.stress, pools.ten_years,
    pools.observations
FROM recompute.volatility_pools AS pools
JOIN recompute.days AS days ON days.previous_business_date = pools.business_date
WHERE days.business_date = $business_date
