-- grain: one row per market settled that day; an amendment is a higher revision
-- meaning: the stream settlement_periods of the day, cast from text; of rows with the same key the last file's counts
-- owner: clearing operations
WITH numbered AS (
    SELECT
        landed.*,
        ROW_NUMBER() OVER (
            PARTITION BY landed.ticker, landed.revision
            ORDER BY files.sequence DESC, landed.file_sha256, landed.line
        ) AS newest
    FROM land.settlement_periods AS landed
    JOIN land.files AS files
        ON files.business_date = landed.business_date
        AND files.file_sha256 = landed.file_sha256
    WHERE landed.business_date = $business_date
        AND files.status = 'LANDED'
)
SELECT
    business_date,
    ticker,
    result,
    CAST(FLOOR(CAST(settlement_value AS DECIMAL(18, 6)) * 10000) AS BIGINT) AS settlement_value_centicents,
    CAST(CAST(settled_time AS TIMESTAMPTZ) AT TIME ZONE 'UTC' AS TIMESTAMP) AS settled_utc,
    CAST(revision AS BIGINT) AS revision,
    file_sha256,
    line
FROM numbered
WHERE newest = 1
