SELECT
    sides.trade_id AS subject,
    'account ' || sides.account_id || ' is ' || sides.role || ' of ' || sides.side
        || ', the tape says taker of ' || trades.taker_side AS detail,
    sides.file_sha256,
    sides.line
FROM validate.trade_audit AS sides
JOIN validate.trades AS trades
    ON trades.trade_id = sides.trade_id
    AND trades.business_date = sides.business_date
WHERE sides.business_date = $business_date
    AND (sides.role = 'taker') <> (sides.side = trades.taker_side)
