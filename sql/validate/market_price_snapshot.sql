-- grain: one row per cycle and open market
-- meaning: the stream market_price_snapshot of the day, cast from text; of rows with the same key the last file's counts
-- owner: clearing operations
WITH numbered AS (
    SELECT
        landed.*,
        ROW_NUMBER() OVER (
            PARTITION BY landed.cycle, landed.ticker
            ORDER BY files.sequence DESC, landed.file_sha256, landed.line
        ) AS newest
    FROM land.market_price_snapshot AS landed
    JOIN land.files AS files
        ON files.business_date = landed.business_date
        AND files.file_sha256 = landed.file_sha256
    WHERE landed.business_date = $business_date
        AND files.status = 'LANDED'
)
SELECT
    business_date,
    cycle,
    ticker,
    CAST(FLOOR(CAST(settlement_price AS DECIMAL(18, 6)) * 10000) AS BIGINT) AS settlement_price_centicents,
    COALESCE(source, '') AS source,
    COALESCE(method, '') AS method,
    file_sha256,
    line
FROM numbered
WHERE newest = 1
