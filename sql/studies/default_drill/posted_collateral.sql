-- grain: one row per account and asset type
-- meaning: the market value of the collateral that was posted
SELECT account_id, asset_type, value_centicents
FROM validate.collateral
WHERE business_date = $business_date AND value_centicents > 0
