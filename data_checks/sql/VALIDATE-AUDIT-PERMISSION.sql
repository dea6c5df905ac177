SELECT
    sides.account_id AS subject,
    'trade ' || sides.trade_id || ' on margin without permission' AS detail,
    sides.file_sha256,
    sides.line
FROM validate.trade_audit AS sides
JOIN validate.accounts AS accounts
    ON accounts.account_id = sides.account_id
    AND accounts.business_date = sides.business_date
WHERE sides.business_date = $business_date
    AND sides.collateralisation = 'margined'
    AND NOT accounts.margin_permission
