-- grain: one row per account, asset and custodian
-- meaning: the stream collateral of the day, cast from text; of rows with the same key the last file's counts
-- owner: clearing operations
WITH numbered AS (
    SELECT
        landed.*,
        ROW_NUMBER() OVER (
            PARTITION BY landed.account_id, landed.asset_type, landed.custodian
            ORDER BY files.sequence DESC, landed.file_sha256, landed.line
        ) AS newest
    FROM land.collateral AS landed
    JOIN land.files AS files
        ON files.business_date = landed.business_date
        AND files.file_sha256 = landed.file_sha256
    WHERE landed.business_date = $business_date
        AND files.status = 'LANDED'
)
SELECT
    business_date,
    account_id,
    asset_type,
    custodian,
    quantity,
    CAST(value_centicents AS BIGINT) AS value_centicents,
    CAST(haircut_bps AS BIGINT) AS haircut_bps,
    segregation,
    LOWER(reuse) = 'true' AS reuse,
    file_sha256,
    line
FROM numbered
WHERE newest = 1
