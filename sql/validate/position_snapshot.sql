-- grain: one row per cycle, account and market, zero positions left out
-- meaning: the stream position_snapshot of the day, cast from text; of rows with the same key the last file's counts
-- owner: clearing operations
WITH numbered AS (
    SELECT
        landed.*,
        ROW_NUMBER() OVER (
            PARTITION BY landed.cycle, landed.account_id, landed.ticker
            ORDER BY files.sequence DESC, landed.file_sha256, landed.line
        ) AS newest
    FROM land.position_snapshot AS landed
    JOIN land.files AS files
        ON files.business_date = landed.business_date
        AND files.file_sha256 = landed.file_sha256
    WHERE landed.business_date = $business_date
        AND files.status = 'LANDED'
)
SELECT
    business_date,
    cycle,
    account_id,
    ticker,
    CAST(CAST(long AS DECIMAL(18, 2)) * 100 AS BIGINT) AS long_qty,
    CAST(CAST(short AS DECIMAL(18, 2)) * 100 AS BIGINT) AS short_qty,
    file_sha256,
    line
FROM numbered
WHERE newest = 1
