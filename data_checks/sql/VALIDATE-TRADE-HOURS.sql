WITH known AS (
    SELECT
        ticker,
        open_utc,
        close_utc,
        ROW_NUMBER() OVER (PARTITION BY ticker ORDER BY business_date DESC) AS newest
    FROM validate.markets
    WHERE business_date <= $business_date
)
SELECT
    trades.trade_id AS subject,
    trades.ticker || ' traded at ' || CAST(trades.traded_utc AS VARCHAR) || ' UTC, open '
        || COALESCE(CAST(known.open_utc AS VARCHAR), '?') || ' to '
        || COALESCE(CAST(known.close_utc AS VARCHAR), '?') AS detail,
    trades.file_sha256,
    trades.line
FROM validate.trades AS trades
JOIN known
    ON known.ticker = trades.ticker
    AND known.newest = 1
WHERE trades.business_date = $business_date
    AND (trades.traded_utc < known.open_utc OR trades.traded_utc > known.close_utc)
