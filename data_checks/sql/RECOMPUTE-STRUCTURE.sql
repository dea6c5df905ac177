SELECT
    event_ticker AS subject,
    MIN(structure_flags) || ': ' || MIN(structure_reason) AS detail,
    '' AS file_sha256,
    CAST(NULL AS BIGINT) AS line
FROM recompute.contracts
WHERE business_date = $business_date
    AND structure_flags <> ''
GROUP BY event_ticker
