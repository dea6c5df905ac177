SELECT
    ticker AS subject,
    'open interest ' || CAST(open_interest_qty AS VARCHAR) || ', volume ' || CAST(volume_qty AS VARCHAR)
        || ' (hundredths)' AS detail,
    file_sha256,
    line
FROM validate.markets
WHERE business_date = $business_date
    AND open_interest_qty > volume_qty
