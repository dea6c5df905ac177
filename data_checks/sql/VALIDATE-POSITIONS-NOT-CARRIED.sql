/* Positions are carried from the previous date. One that was blocked has none to carry, and
   without this every account would start from nothing. */
WITH previous AS (
    SELECT MAX(business_date) AS business_date
    FROM recompute.days
    WHERE business_date < $business_date
),
made AS (
    SELECT COUNT(*) AS positions
    FROM recompute.positions AS positions
    JOIN previous ON previous.business_date = positions.business_date
),
held_before AS (
    SELECT COUNT(*) AS positions
    FROM recompute.positions AS positions
    JOIN recompute.days AS days ON days.previous_business_date = positions.business_date
    JOIN previous ON previous.business_date = days.business_date
    WHERE positions.closing_qty <> 0
),
sent AS (
    SELECT COALESCE(SUM(files.rows_claimed), 0) AS rows_claimed
    FROM land.files AS files
    JOIN previous ON previous.business_date = files.business_date
    WHERE files.stream IN ('trades', 'trade_audit')
)
SELECT
    CAST(previous.business_date AS VARCHAR) AS subject,
    'the previous date has no positions to carry forward' AS detail,
    '' AS file_sha256,
    CAST(NULL AS BIGINT) AS line
FROM previous, made, held_before, sent
WHERE made.positions = 0
    AND (held_before.positions > 0 OR sent.rows_claimed > 0)
