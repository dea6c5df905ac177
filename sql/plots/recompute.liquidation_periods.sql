SELECT
    SUM(one_day_initial_centicents) / 10000 AS "initial margin if all were liquidated in one day, dollars",
    SUM(five_day_initial_centicents) / 10000 AS "initial margin if all were liquidated in five days, dollars"
FROM recompute.liquidation_periods
WHERE business_date = $business_date
