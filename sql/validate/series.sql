-- grain: one row per series delivered that day, in its last state of the day
-- meaning: series as the venue published them, cast from text
-- owner: market operations
WITH numbered AS (
    SELECT
        landed.*,
        ROW_NUMBER() OVER (
            PARTITION BY landed.ticker
            ORDER BY files.sequence DESC, landed.file_sha256, landed.line DESC
        ) AS newest
    FROM land.series AS landed
    JOIN land.files AS files
        ON files.business_date = landed.business_date
        AND files.file_sha256 = landed.file_sha256
    WHERE landed.business_date = $business_date
        AND files.status = 'LANDED'
)
SELECT
    business_date,
    ticker AS series_ticker,
    COALESCE(category, '') AS category,
    COALESCE(title, '') AS title,
    COALESCE(NULLIF(fee_type, ''), 'quadratic') AS fee_type,
    -- Four decimals of the multiplier, as an integer, so that fees stay exact.
    CAST(CAST(COALESCE(fee_multiplier, '1') AS DECIMAL(18, 4)) * 10000 AS BIGINT) AS fee_multiplier_e4,
    file_sha256,
    line
FROM numbered
WHERE newest = 1
