SELECT
    ticker AS subject,
    'status ' || status || ', expected expiration ' || CAST(expected_expiration_utc AS VARCHAR) AS detail,
    file_sha256,
    line
FROM validate.markets
WHERE business_date = $business_date
    AND status IN ('active', 'closed')
    AND expected_expiration_utc < CAST($business_date AS TIMESTAMP) + INTERVAL 1 DAY
