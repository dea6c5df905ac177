-- grain: one row per account and asset
-- meaning: collateral held at the end of the date, before haircuts
SELECT account_id, asset_type, value_centicents
FROM validate.collateral
WHERE business_date = $business_date
