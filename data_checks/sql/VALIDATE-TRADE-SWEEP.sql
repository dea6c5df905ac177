SELECT
    ticker || ' ' || CAST(traded_utc AS VARCHAR) AS subject,
    CAST(COUNT(*) AS VARCHAR) || ' trades identical except for their ids' AS detail,
    MIN(file_sha256) AS file_sha256,
    MIN(line) AS line
FROM validate.trades
WHERE business_date = $business_date
GROUP BY ticker, traded_utc, count_qty, yes_price_centicents, taker_side
HAVING COUNT(*) > 1
