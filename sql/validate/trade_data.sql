-- grain: one row per trade, without identifiers: the venue's public daily file
-- meaning: the stream trade_data of the day, cast from text; the rows carry no identifier
-- owner: market operations
SELECT
    business_date,
    CAST(date AS DATE) AS trading_date,
    ticker_name,
    NULLIF(report_ticker, '') AS report_ticker,
    CAST(CAST(create_ts AS TIMESTAMPTZ) AT TIME ZONE 'UTC' AS TIMESTAMP) AS create_utc,
    CAST(CAST(contracts_traded AS DECIMAL(18, 2)) * 100 AS BIGINT) AS contracts_traded_qty,
    price,
    file_sha256,
    line
FROM land.trade_data
WHERE business_date = $business_date
