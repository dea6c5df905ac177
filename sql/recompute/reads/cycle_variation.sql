-- grain: one row per account and kind of book
-- meaning: variation of open positions from the last end of day to an intraday cycle
SELECT account_id, collateralisation, CAST(SUM(variation_micros) AS BIGINT)
FROM recompute.cycle_positions
WHERE business_date = $business_date AND cycle = $cycle
GROUP BY account_id, collateralisation
