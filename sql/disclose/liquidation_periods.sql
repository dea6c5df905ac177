-- grain: one row per origin (house, customer)
-- meaning: recomputed initial margin in force, and for the same book under liquidation periods of one and of five days
-- owner: risk
SELECT
    CAST($business_date AS DATE) AS business_date,
    margin.origin,
    COUNT(*) AS accounts,
    CAST(SUM(margin.worst_case_centicents) AS BIGINT) AS worst_case_centicents,
    CAST(SUM(margin.initial_margin_centicents) AS BIGINT) AS initial_margin_centicents,
    CAST(SUM(periods.one_day_initial_centicents) AS BIGINT) AS one_day_initial_centicents,
    CAST(SUM(periods.five_day_initial_centicents) AS BIGINT) AS five_day_initial_centicents
FROM recompute.account_margin AS margin
JOIN recompute.liquidation_periods AS periods
    ON periods.account_id = margin.account_id
    AND periods.business_date = $business_date
WHERE margin.business_date = $business_date
GROUP BY margin.origin
ORDER BY margin.origin DESC
