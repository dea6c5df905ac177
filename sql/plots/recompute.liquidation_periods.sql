SELECT
    SUM(one_day_initial_centicents) / 10000 AS "initial margin at a liquidation period of one day, dollars",
    SUM(five_day_initial_centicents) / 10000 AS "initial margin at a liquidation period of five days, dollars"
FROM recompute.liquidation_periods
WHERE business_date = $business_date
