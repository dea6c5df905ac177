SELECT
    trade_id AS subject,
    'account ' || MIN(account_id) || ' on both sides' AS detail,
    MIN(file_sha256) AS file_sha256,
    MIN(line) AS line
FROM validate.trade_audit
WHERE business_date = $business_date
GROUP BY trade_id
HAVING COUNT(*) > 1
    AND COUNT(DISTINCT account_id) = 1
