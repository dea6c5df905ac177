SELECT
    marks.ticker AS subject,
    CAST(COUNT(DISTINCT positions.account_id) AS VARCHAR) || ' accounts hold it, last trade '
        || CAST(MIN(marks.mark_centicents) AS VARCHAR) || ' centicents' AS detail,
    '' AS file_sha256,
    CAST(NULL AS BIGINT) AS line
FROM recompute.marks AS marks
JOIN recompute.positions AS positions
    ON positions.ticker = marks.ticker
    AND positions.business_date = marks.business_date
WHERE marks.business_date = $business_date
    AND marks.venue_mark_centicents IS NULL
    AND positions.closing_qty <> 0
GROUP BY marks.ticker
