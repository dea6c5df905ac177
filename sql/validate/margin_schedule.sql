-- grain: one row per version of the margin schedule
-- meaning: the stream margin_schedule of the day, cast from text; of rows with the same key the last file's counts
-- owner: clearing operations
WITH numbered AS (
    SELECT
        landed.*,
        ROW_NUMBER() OVER (
            PARTITION BY landed.version
            ORDER BY files.sequence DESC, landed.file_sha256, landed.line
        ) AS newest
    FROM land.margin_schedule AS landed
    JOIN land.files AS files
        ON files.business_date = landed.business_date
        AND files.file_sha256 = landed.file_sha256
    WHERE landed.business_date = $business_date
        AND files.status = 'LANDED'
)
SELECT
    business_date,
    version,
    CAST(effective_date AS DATE) AS effective_date,
    approver,
    reason,
    parameters,
    file_sha256,
    line
FROM numbered
WHERE newest = 1
