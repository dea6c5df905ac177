-- grain: one row per event delivered that day, in its last state of the day
-- meaning: events as the venue published them, cast from text
-- owner: market operations
WITH numbered AS (
    SELECT
        landed.*,
        ROW_NUMBER() OVER (
            PARTITION BY landed.event_ticker
            ORDER BY files.sequence DESC, landed.file_sha256, landed.line DESC
        ) AS newest
    FROM land.events AS landed
    JOIN land.files AS files
        ON files.business_date = landed.business_date
        AND files.file_sha256 = landed.file_sha256
    WHERE landed.business_date = $business_date
        AND files.status = 'LANDED'
)
SELECT
    business_date,
    event_ticker,
    series_ticker,
    LOWER(mutually_exclusive) = 'true' AS mutually_exclusive,
    COALESCE(collateral_return_type, '') AS collateral_return_type,
    COALESCE(category, '') AS category,
    COALESCE(title, '') AS title,
    COALESCE(sub_title, '') AS sub_title,
    file_sha256,
    line
FROM numbered
WHERE newest = 1
