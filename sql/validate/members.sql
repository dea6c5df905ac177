-- grain: one row per clearing member (the whole list, every day)
-- meaning: the stream members of the day, cast from text; of rows with the same key the last file's counts
-- owner: clearing operations
WITH numbered AS (
    SELECT
        landed.*,
        ROW_NUMBER() OVER (
            PARTITION BY landed.member_id
            ORDER BY files.sequence DESC, landed.file_sha256, landed.line
        ) AS newest
    FROM land.members AS landed
    JOIN land.files AS files
        ON files.business_date = landed.business_date
        AND files.file_sha256 = landed.file_sha256
    WHERE landed.business_date = $business_date
        AND files.status = 'LANDED'
)
SELECT
    business_date,
    member_id,
    name,
    NULLIF(lei, '') AS lei,
    affiliate_group,
    clears_for,
    status,
    file_sha256,
    line
FROM numbered
WHERE newest = 1
