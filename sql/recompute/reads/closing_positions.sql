-- grain: one row per account, market and kind of book
-- meaning: open positions at the end of the date
SELECT account_id, ticker, collateralisation, closing_qty
FROM recompute.positions
WHERE business_date = $business_date AND closing_qty <> 0
ORDER BY account_id, ticker, collateralisation
