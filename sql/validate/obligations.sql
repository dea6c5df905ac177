-- grain: one row per cycle and account with a cash flow
-- meaning: the stream obligations of the day, cast from text; of rows with the same key the last file's counts
-- owner: clearing operations
WITH numbered AS (
    SELECT
        landed.*,
        ROW_NUMBER() OVER (
            PARTITION BY landed.cycle, landed.account_id
            ORDER BY files.sequence DESC, landed.file_sha256, landed.line
        ) AS newest
    FROM land.obligations AS landed
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
    CAST(variation_centicents AS BIGINT) AS variation_centicents,
    CAST(fees_centicents AS BIGINT) AS fees_centicents,
    CAST(margin_change_centicents AS BIGINT) AS margin_change_centicents,
    CAST(net_centicents AS BIGINT) AS net_centicents,
    CAST(CAST(due_time AS TIMESTAMPTZ) AT TIME ZONE 'UTC' AS TIMESTAMP) AS due_utc,
    CAST(CAST(paid_time AS TIMESTAMPTZ) AT TIME ZONE 'UTC' AS TIMESTAMP) AS paid_utc,
    file_sha256,
    line
FROM numbered
WHERE newest = 1
