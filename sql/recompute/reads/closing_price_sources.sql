-- grain: one row per market
-- meaning: file and line of the venue's price of each market at the end of the day
SELECT ticker, file_sha256, line
FROM validate.market_price_snapshot
WHERE business_date = $business_date AND cycle = 'EOD'
