/* An account with an open position is in the list every day, traded or not. */
WITH previous AS (
    SELECT MAX(business_date) AS business_date
    FROM recompute.days
    WHERE business_date < $business_date
),
known AS (
    SELECT account_id
    FROM validate.accounts
    WHERE business_date = $business_date
)
SELECT
    positions.account_id AS subject,
    'holds ' || CAST(COUNT(*) AS VARCHAR) || ' positions but is not on the account list' AS detail,
    '' AS file_sha256,
    CAST(NULL AS BIGINT) AS line
FROM recompute.positions AS positions
JOIN previous ON previous.business_date = positions.business_date
LEFT JOIN known ON known.account_id = positions.account_id
WHERE positions.closing_qty <> 0
    AND known.account_id IS NULL
GROUP BY positions.account_id
