-- grain: one row per sender and stream
-- meaning: the files behind the pack: number, rows claimed, read and kept, and whether the data are synthetic
-- owner: compliance
SELECT
    CAST($business_date AS DATE) AS business_date,
    sender,
    stream,
    COUNT(*) AS files,
    CAST(SUM(CASE WHEN synthetic THEN 1 ELSE 0 END) AS BIGINT) AS synthetic_files,
    CAST(SUM(rows_claimed) AS BIGINT) AS rows_claimed,
    CAST(SUM(rows_read) AS BIGINT) AS rows_read,
    CAST(SUM(rows_good) AS BIGINT) AS rows_good,
    CAST(SUM(rows_read - rows_good) AS BIGINT) AS rows_quarantined
FROM land.files
WHERE business_date = $business_date
GROUP BY sender, stream
ORDER BY sender, stream
