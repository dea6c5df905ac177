SELECT
    account_id || '/' || ticker AS subject,
    'long ' || CAST(long_qty AS VARCHAR) || ', short ' || CAST(short_qty AS VARCHAR) || ' (hundredths)' AS detail,
    file_sha256,
    line
FROM validate.position_snapshot
WHERE business_date = $business_date
    AND (long_qty < 0 OR short_qty < 0)
