SELECT
    sides.account_id AS subject,
    'trade ' || sides.trade_id || ' names an unknown account' AS detail,
    sides.file_sha256,
    sides.line
FROM validate.trade_audit AS sides
LEFT JOIN validate.accounts AS accounts
    ON accounts.account_id = sides.account_id
    AND accounts.business_date = sides.business_date
WHERE sides.business_date = $business_date
    AND accounts.account_id IS NULL
