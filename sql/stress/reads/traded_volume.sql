-- grain: one row per market
-- meaning: contracts traded on the date (1e-2)
SELECT ticker, volume_qty
FROM recompute.trading_volume
WHERE business_date = $business_date AND volume_qty > 0
