SELECT
    CAST($business_date AS VARCHAR) AS subject,
    'no margin schedule is effective on or before this date' AS detail,
    '' AS file_sha256,
    CAST(NULL AS BIGINT) AS line
FROM (
    SELECT COUNT(*) AS versions
    FROM validate.margin_schedule
    WHERE business_date <= $business_date
        AND effective_date <= $business_date
) AS counted
WHERE versions = 0
