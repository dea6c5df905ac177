-- grain: one row per account
-- meaning: the accounts with open positions, in order of their id
SELECT DISTINCT account_id
FROM recompute.positions
WHERE business_date = $business_date AND closing_qty <> 0
ORDER BY account_id
