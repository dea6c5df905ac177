-- grain: one row per account
-- meaning: collateral after haircut and margin required of each account
SELECT account_id, collateral_value_centicents, initial_margin_centicents
FROM recompute.account_margin
WHERE business_date = $business_date
