-- grain: one row per account
-- meaning: the accounts with open margined positions
SELECT DISTINCT account_id
FROM recompute.positions
WHERE business_date = $business_date AND collateralisation = 'margined' AND closing_qty <> 0
