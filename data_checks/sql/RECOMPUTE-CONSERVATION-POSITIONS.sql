SELECT
    ticker AS subject,
    'positions sum to ' || CAST(SUM(closing_qty) AS VARCHAR) || ' hundredths' AS detail,
    '' AS file_sha256,
    CAST(NULL AS BIGINT) AS line
FROM recompute.positions
WHERE business_date = $business_date
GROUP BY ticker
HAVING SUM(closing_qty) <> 0
