SELECT
    sides.trade_id AS subject,
    'side ' || sides.side || ' of account ' || sides.account_id || ' has no trade' AS detail,
    sides.file_sha256,
    sides.line
FROM validate.trade_audit AS sides
LEFT JOIN validate.trades AS trades
    ON trades.trade_id = sides.trade_id
    AND trades.business_date = sides.business_date
WHERE sides.business_date = $business_date
    AND trades.trade_id IS NULL
