-- grain: one row per auction lot and member (drills and real defaults)
-- meaning: the stream bids of the day, cast from text; of rows with the same key the last file's counts
-- owner: clearing operations
WITH numbered AS (
    SELECT
        landed.*,
        ROW_NUMBER() OVER (
            PARTITION BY landed.auction_id, landed.lot_id, landed.member_id
            ORDER BY files.sequence DESC, landed.file_sha256, landed.line
        ) AS newest
    FROM land.bids AS landed
    JOIN land.files AS files
        ON files.business_date = landed.business_date
        AND files.file_sha256 = landed.file_sha256
    WHERE landed.business_date = $business_date
        AND files.status = 'LANDED'
)
SELECT
    business_date,
    auction_id,
    lot_id,
    member_id,
    price,
    CAST(CAST(quantity AS DECIMAL(18, 2)) * 100 AS BIGINT) AS quantity_qty,
    file_sha256,
    line
FROM numbered
WHERE newest = 1
