-- grain: one row per asset and custodian
-- meaning: the collateral of one account, before haircuts
SELECT asset_type, value_centicents
FROM validate.collateral
WHERE business_date = $business_date AND account_id = $account_id AND value_centicents > 0
ORDER BY asset_type, custodian
