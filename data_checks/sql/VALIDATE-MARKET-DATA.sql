WITH tape AS (
    SELECT
        ticker,
        SUM(count_qty) AS tape_qty
    FROM validate.trades
    WHERE business_date = $business_date
    GROUP BY ticker
)
SELECT
    published.ticker_name AS subject,
    'published ' || CAST(published.daily_volume_qty AS VARCHAR) || ', tape '
        || CAST(COALESCE(tape.tape_qty, 0) AS VARCHAR) || ' (hundredths)' AS detail,
    published.file_sha256,
    published.line
FROM validate.market_data AS published
LEFT JOIN tape
    ON tape.ticker = published.ticker_name
WHERE published.business_date = $business_date
    AND published.trading_date = $business_date
    AND published.daily_volume_qty <> COALESCE(tape.tape_qty, 0)
