-- grain: one row
-- meaning: open positions of the date, and the accounts and markets that have one
SELECT
    COUNT(*) AS positions,
    COUNT(DISTINCT account_id) AS accounts,
    COUNT(DISTINCT ticker) AS markets
FROM recompute.positions
WHERE business_date = $day AND closing_qty <> 0
