-- Records under different sequence numbers do not conflict: the last one corrects the others,
-- also where those did.
WITH conflicting AS (
    SELECT
        landed.trade_id,
        files.sequence,
        COUNT(*) AS records,
        MIN(landed.file_sha256) AS file_sha256,
        MIN(landed.line) AS line
    FROM land.trades AS landed
    JOIN land.files AS files
        ON files.business_date = landed.business_date
        AND files.file_sha256 = landed.file_sha256
    WHERE landed.business_date = $business_date
        AND files.status = 'LANDED'
    GROUP BY landed.trade_id, files.sequence
    HAVING COUNT(DISTINCT landed.ticker || '|' || landed.created_time
        || '|' || COALESCE(landed.count_fp, landed.count)
        || '|' || COALESCE(landed.yes_price_dollars, landed.yes_price)
        || '|' || landed.taker_side) > 1
),
latest AS (
    SELECT
        conflicting.trade_id,
        MAX(files.sequence) AS sequence
    FROM conflicting
    JOIN land.trades AS landed
        ON landed.trade_id = conflicting.trade_id
    JOIN land.files AS files
        ON files.business_date = landed.business_date
        AND files.file_sha256 = landed.file_sha256
    WHERE landed.business_date = $business_date
        AND files.status = 'LANDED'
    GROUP BY conflicting.trade_id
)
SELECT
    conflicting.trade_id AS subject,
    'same id, ' || CAST(conflicting.records AS VARCHAR) || ' records with different content' AS detail,
    conflicting.file_sha256,
    conflicting.line
FROM conflicting
JOIN latest
    ON latest.trade_id = conflicting.trade_id
    AND latest.sequence = conflicting.sequence
