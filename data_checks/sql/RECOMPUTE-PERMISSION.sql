SELECT
    scope AS subject,
    CAST(value AS VARCHAR) || ' hundredths of a contract are held on margin without permission' AS detail,
    '' AS file_sha256,
    CAST(NULL AS BIGINT) AS line
FROM recompute.metrics
WHERE business_date = $business_date
    AND metric = 'unpermitted_positions'
