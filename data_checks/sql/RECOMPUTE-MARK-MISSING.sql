SELECT
    positions.ticker AS subject,
    CAST(COUNT(*) AS VARCHAR) || ' accounts hold it' AS detail,
    '' AS file_sha256,
    CAST(NULL AS BIGINT) AS line
FROM recompute.positions AS positions
LEFT JOIN recompute.marks AS marks
    ON marks.ticker = positions.ticker
    AND marks.business_date = positions.business_date
WHERE positions.business_date = $business_date
    AND positions.closing_qty <> 0
    AND marks.mark_centicents IS NULL
GROUP BY positions.ticker
