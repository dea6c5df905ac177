SELECT
    account_id || '/' || ticker AS subject,
    'venue ' || CAST(venue_qty AS VARCHAR) || ', rebuilt ' || CAST(recomputed_qty AS VARCHAR)
        || ' hundredths of a contract' AS detail,
    file_sha256,
    line
FROM recompute.position_breaks
WHERE business_date = $business_date
