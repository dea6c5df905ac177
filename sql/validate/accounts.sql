-- grain: one row per account (the whole list, every day)
-- meaning: the stream accounts of the day, cast from text; of rows with the same key the last file's counts
-- owner: clearing operations
WITH numbered AS (
    SELECT
        landed.*,
        ROW_NUMBER() OVER (
            PARTITION BY landed.account_id
            ORDER BY files.sequence DESC, landed.file_sha256, landed.line
        ) AS newest
    FROM land.accounts AS landed
    JOIN land.files AS files
        ON files.business_date = landed.business_date
        AND files.file_sha256 = landed.file_sha256
    WHERE landed.business_date = $business_date
        AND files.status = 'LANDED'
)
SELECT
    business_date,
    account_id,
    member_id,
    origin,
    segregation_class,
    NULLIF(owner_lei, '') AS owner_lei,
    NULLIF(owner_id, '') AS owner_id,
    COALESCE(linked_events, '') AS linked_events,
    LOWER(margin_permission) = 'true' AS margin_permission,
    file_sha256,
    line
FROM numbered
WHERE newest = 1
