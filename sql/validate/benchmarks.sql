-- grain: one row per series and date: broader risk series, other venues
-- meaning: the stream benchmarks of the day, cast from text; of rows with the same key the last file's counts
-- owner: clearing operations
WITH numbered AS (
    SELECT
        landed.*,
        ROW_NUMBER() OVER (
            PARTITION BY landed.series_id, landed.date
            ORDER BY files.sequence DESC, landed.file_sha256, landed.line
        ) AS newest
    FROM land.benchmarks AS landed
    JOIN land.files AS files
        ON files.business_date = landed.business_date
        AND files.file_sha256 = landed.file_sha256
    WHERE landed.business_date = $business_date
        AND files.status = 'LANDED'
)
SELECT
    business_date,
    series_id,
    CAST(date AS DATE) AS trading_date,
    value,
    COALESCE(unit, '') AS unit,
    file_sha256,
    line
FROM numbered
WHERE newest = 1
