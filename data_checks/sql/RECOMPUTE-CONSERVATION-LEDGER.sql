SELECT
    CAST(business_date AS VARCHAR) AS subject,
    'ledger sums to ' || CAST(SUM(amount_centicents) AS VARCHAR) || ' centicents' AS detail,
    '' AS file_sha256,
    CAST(NULL AS BIGINT) AS line
FROM recompute.cash_ledger
WHERE business_date = $business_date
GROUP BY business_date
HAVING SUM(amount_centicents) <> 0
