-- grain: one row per market: the venue's public daily file
-- meaning: the stream market_data of the day, cast from text; of rows with the same key the last file's counts
-- owner: market operations
WITH numbered AS (
    SELECT
        landed.*,
        ROW_NUMBER() OVER (
            PARTITION BY landed.date, landed.ticker_name
            ORDER BY files.sequence DESC, landed.file_sha256, landed.line
        ) AS newest
    FROM land.market_data AS landed
    JOIN land.files AS files
        ON files.business_date = landed.business_date
        AND files.file_sha256 = landed.file_sha256
    WHERE landed.business_date = $business_date
        AND files.status = 'LANDED'
)
SELECT
    business_date,
    CAST(date AS DATE) AS trading_date,
    ticker_name,
    NULLIF(report_ticker, '') AS report_ticker,
    COALESCE(payout_type, '') AS payout_type,
    CAST(CAST(open_interest AS DECIMAL(18, 2)) * 100 AS BIGINT) AS open_interest_qty,
    CAST(CAST(daily_volume AS DECIMAL(18, 2)) * 100 AS BIGINT) AS daily_volume_qty,
    CAST(CAST(block_volume AS DECIMAL(18, 2)) * 100 AS BIGINT) AS block_volume_qty,
    high,
    low,
    COALESCE(status, '') AS status,
    file_sha256,
    line
FROM numbered
WHERE newest = 1
