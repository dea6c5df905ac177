-- grain: one row per layer of the default waterfall, in order of use
-- meaning: the stream resources of the day, cast from text; of rows with the same key the last file's counts
-- owner: clearing operations
WITH numbered AS (
    SELECT
        landed.*,
        ROW_NUMBER() OVER (
            PARTITION BY landed.layer_id
            ORDER BY files.sequence DESC, landed.file_sha256, landed.line
        ) AS newest
    FROM land.resources AS landed
    JOIN land.files AS files
        ON files.business_date = landed.business_date
        AND files.file_sha256 = landed.file_sha256
    WHERE landed.business_date = $business_date
        AND files.status = 'LANDED'
)
SELECT
    business_date,
    CAST(layer_order AS BIGINT) AS layer_order,
    layer_id,
    layer_type,
    CAST(amount_centicents AS BIGINT) AS amount_centicents,
    CAST(cap_multiple_bps AS BIGINT) AS cap_multiple_bps,
    LOWER(prefunded) = 'true' AS prefunded,
    COALESCE(words, '') AS words,
    file_sha256,
    line
FROM numbered
WHERE newest = 1
