/* A date always has the balances of the house; one without any was not made. */
WITH days AS (
    SELECT previous_business_date
    FROM recompute.days
    WHERE business_date = $business_date
        AND previous_business_date IS NOT NULL
),
before AS (
    SELECT balances.business_date
    FROM recompute.cash_balances AS balances
    JOIN days
        ON days.previous_business_date = balances.business_date
    WHERE balances.account_id = 'VENUE'
)
SELECT
    CAST(days.previous_business_date AS VARCHAR) AS subject,
    'the previous date has no balances, so every account opens at zero' AS detail,
    '' AS file_sha256,
    CAST(NULL AS BIGINT) AS line
FROM days
LEFT JOIN before
    ON before.business_date = days.previous_business_date
WHERE before.business_date IS NULL
