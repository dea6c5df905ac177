SELECT
    ticker AS subject,
    'venue ' || CAST(venue_open_interest_qty AS VARCHAR) || ', rebuilt '
        || CAST(open_interest_qty AS VARCHAR) || ' hundredths' AS detail,
    '' AS file_sha256,
    CAST(NULL AS BIGINT) AS line
FROM recompute.open_interest
WHERE business_date = $business_date
    AND venue_open_interest_qty <> open_interest_qty
