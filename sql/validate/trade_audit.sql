-- grain: two rows per trade: who bought YES, who bought NO
-- meaning: the stream trade_audit of the day, cast from text; of rows with the same key the last file's counts
-- owner: clearing operations
WITH numbered AS (
    SELECT
        landed.*,
        ROW_NUMBER() OVER (
            PARTITION BY landed.trade_id, landed.side
            ORDER BY files.sequence DESC, landed.file_sha256, landed.line
        ) AS newest
    FROM land.trade_audit AS landed
    JOIN land.files AS files
        ON files.business_date = landed.business_date
        AND files.file_sha256 = landed.file_sha256
    WHERE landed.business_date = $business_date
        AND files.status = 'LANDED'
)
SELECT
    business_date,
    trade_id,
    account_id,
    side,
    CAST(CAST(quantity AS DECIMAL(18, 2)) * 100 AS BIGINT) AS quantity_qty,
    CAST(FLOOR(CAST(price AS DECIMAL(18, 6)) * 10000) AS BIGINT) AS price_centicents,
    collateralisation,
    role,
    file_sha256,
    line
FROM numbered
WHERE newest = 1
