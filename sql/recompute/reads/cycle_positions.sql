-- grain: one row per account, market and kind of book
-- meaning: open positions at an intraday cycle
SELECT account_id, ticker, collateralisation, closing_qty
FROM recompute.cycle_positions
WHERE business_date = $business_date AND cycle = $cycle AND closing_qty <> 0
ORDER BY account_id, ticker, collateralisation
