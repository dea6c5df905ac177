-- grain: one row per market and kind of book
-- meaning: the open positions of one account
SELECT ticker, event_ticker, collateralisation, closing_qty
FROM recompute.positions
WHERE business_date = $business_date AND account_id = $account_id AND closing_qty <> 0
ORDER BY ticker
