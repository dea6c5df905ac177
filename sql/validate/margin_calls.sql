-- grain: one row per margin call, in its latest state
-- meaning: the stream margin_calls of the day, cast from text; of rows with the same key the last file's counts
-- owner: clearing operations
WITH numbered AS (
    SELECT
        landed.*,
        ROW_NUMBER() OVER (
            PARTITION BY landed.call_id
            ORDER BY files.sequence DESC, landed.file_sha256, landed.line
        ) AS newest
    FROM land.margin_calls AS landed
    JOIN land.files AS files
        ON files.business_date = landed.business_date
        AND files.file_sha256 = landed.file_sha256
    WHERE landed.business_date = $business_date
        AND files.status = 'LANDED'
)
SELECT
    business_date,
    call_id,
    account_id,
    cycle,
    CAST(CAST(issued_time AS TIMESTAMPTZ) AT TIME ZONE 'UTC' AS TIMESTAMP) AS issued_utc,
    CAST(CAST(due_time AS TIMESTAMPTZ) AT TIME ZONE 'UTC' AS TIMESTAMP) AS due_utc,
    CAST(amount_centicents AS BIGINT) AS amount_centicents,
    CAST(met_centicents AS BIGINT) AS met_centicents,
    CAST(CAST(met_time AS TIMESTAMPTZ) AT TIME ZONE 'UTC' AS TIMESTAMP) AS met_utc,
    state,
    COALESCE(reason, '') AS reason,
    COALESCE(dispute_stage, '') AS dispute_stage,
    COALESCE(dispute_outcome, '') AS dispute_outcome,
    file_sha256,
    line
FROM numbered
WHERE newest = 1
