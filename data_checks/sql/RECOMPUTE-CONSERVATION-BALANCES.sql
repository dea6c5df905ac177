SELECT
    CAST(business_date AS VARCHAR) AS subject,
    'closing balances sum to ' || CAST(SUM(closing_centicents) AS VARCHAR) || ', opening balances to '
        || CAST(SUM(opening_centicents) AS VARCHAR) || ' centicents' AS detail,
    '' AS file_sha256,
    CAST(NULL AS BIGINT) AS line
FROM recompute.cash_balances
WHERE business_date = $business_date
GROUP BY business_date
HAVING SUM(closing_centicents) <> 0
