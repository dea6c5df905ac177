SELECT
    event_ticker AS subject,
    words AS detail,
    file_sha256,
    line
FROM recompute.settlement_breaks
WHERE business_date = $business_date
    AND kind = 'EVENT'
