-- grain: one row per account and market
-- meaning: positions at the end of the day that differ from the venue's
SELECT account_id, ticker, difference_qty
FROM recompute.position_breaks
WHERE business_date = $business_date
ORDER BY ALL
