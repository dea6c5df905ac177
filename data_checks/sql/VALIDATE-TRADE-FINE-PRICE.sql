SELECT
    trade_id AS subject,
    'YES price ' || yes_price_dollars || ' dollars is finer than 0.0001' AS detail,
    file_sha256,
    line
FROM land.trades
WHERE business_date = $business_date
    AND yes_price_dollars IS NOT NULL
    AND CAST(yes_price_dollars AS DECIMAL(18, 6)) * 10000
        <> FLOOR(CAST(yes_price_dollars AS DECIMAL(18, 6)) * 10000)
