SELECT
    SUM(initial_margin_centicents) / 10000 AS "initial margin, dollars",
    SUM(worst_case_centicents) / 10000 AS "worst case, dollars",
    SUM(collateral_value_centicents) / 10000 AS "collateral after haircut, dollars",
    SUM(call_centicents) / 10000 AS "to call, dollars"
FROM recompute.account_margin
WHERE business_date = $business_date
