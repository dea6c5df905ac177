-- grain: one row per origin (house, customer)
-- meaning: the parts of recomputed margin by origin of the risk
-- owner: risk
SELECT
    CAST($business_date AS DATE) AS business_date,
    origin,
    COUNT(*) AS accounts,
    CAST(SUM(worst_case_centicents) AS BIGINT) AS worst_case_centicents,
    CAST(SUM(core_centicents) AS BIGINT) AS core_centicents,
    CAST(SUM(add_ons_centicents) AS BIGINT) AS add_ons_centicents,
    CAST(SUM(initial_margin_centicents) AS BIGINT) AS initial_margin_centicents,
    CAST(SUM(maintenance_margin_centicents) AS BIGINT) AS maintenance_margin_centicents,
    CAST(SUM(collateral_value_centicents) AS BIGINT) AS collateral_value_centicents,
    CAST(SUM(call_centicents) AS BIGINT) AS call_centicents
FROM recompute.account_margin
WHERE business_date = $business_date
GROUP BY origin
ORDER BY origin DESC
