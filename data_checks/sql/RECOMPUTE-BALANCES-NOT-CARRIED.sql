/* A date always has the balances of the house; one without any was not made. */
SELECT
    CAST(days.previous_business_date AS VARCHAR) AS subject,
    'the previous date has no balances, so every account opens at zero' AS detail,
    '' AS file_sha256,
    CAST(NULL AS BIGINT) AS line
FROM recompute.days AS days
LEFT JOIN recompute.cash_balances AS earlier
    ON earlier.business_date = days.previous_business_date
    AND earlier.account_id = 'VENUE'
WHERE days.business_date = $business_date
    AND days.previous_business_date IS NOT NULL
    AND earlier.business_date IS NULL
