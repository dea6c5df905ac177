SELECT
    ticker AS subject,
    'variation sums to ' || CAST(SUM(variation_micros) AS VARCHAR) || ' micros' AS detail,
    '' AS file_sha256,
    CAST(NULL AS BIGINT) AS line
FROM recompute.variation
WHERE business_date = $business_date
GROUP BY ticker
HAVING SUM(variation_micros) <> 0
