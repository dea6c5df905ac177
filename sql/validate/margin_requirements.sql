-- grain: one row per cycle and account with an open position
-- meaning: the stream margin_requirements of the day, cast from text; of rows with the same key the last file's counts
-- owner: clearing operations
WITH numbered AS (
    SELECT
        landed.*,
        ROW_NUMBER() OVER (
            PARTITION BY landed.cycle, landed.account_id
            ORDER BY files.sequence DESC, landed.file_sha256, landed.line
        ) AS newest
    FROM land.margin_requirements AS landed
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
    CAST(worst_case_centicents AS BIGINT) AS worst_case_centicents,
    CAST(core_centicents AS BIGINT) AS core_centicents,
    CAST(add_ons_centicents AS BIGINT) AS add_ons_centicents,
    CAST(initial_margin_centicents AS BIGINT) AS initial_margin_centicents,
    CAST(maintenance_margin_centicents AS BIGINT) AS maintenance_margin_centicents,
    schedule_version,
    file_sha256,
    line
FROM numbered
WHERE newest = 1
