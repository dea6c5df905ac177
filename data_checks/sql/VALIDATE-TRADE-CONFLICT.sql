SELECT
    trade_id AS subject,
    'same id, ' || CAST(COUNT(*) AS VARCHAR) || ' records with different content' AS detail,
    MIN(file_sha256) AS file_sha256,
    MIN(line) AS line
FROM land.trades
WHERE business_date = $business_date
GROUP BY trade_id
HAVING COUNT(DISTINCT ticker || '|' || created_time || '|' || COALESCE(count_fp, count)
    || '|' || COALESCE(yes_price_dollars, yes_price) || '|' || taker_side) > 1
