SELECT
    'layer ' || CAST(layer_order AS VARCHAR) AS subject,
    CAST(COUNT(*) AS VARCHAR) || ' layers at this position, smallest size '
        || CAST(MIN(amount_centicents) AS VARCHAR) AS detail,
    MIN(file_sha256) AS file_sha256,
    MIN(line) AS line
FROM validate.resources
WHERE business_date = $business_date
GROUP BY layer_order
HAVING COUNT(*) > 1
    OR MIN(amount_centicents) < 0
