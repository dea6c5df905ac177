-- grain: one row per account and market
-- meaning: positions at an intraday cycle that differ from the venue's
SELECT account_id, ticker, difference_qty
FROM recompute.cycle_position_breaks
WHERE business_date = $business_date AND cycle = $cycle
ORDER BY ALL
