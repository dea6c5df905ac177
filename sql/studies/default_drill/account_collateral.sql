-- grain: one row per account
-- meaning: collateral after haircut
SELECT account_id, collateral_value_centicents
FROM recompute.account_margin
WHERE business_date = $business_date
