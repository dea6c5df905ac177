SELECT
    sides.trade_id AS subject,
    'audit ' || CAST(sides.quantity_qty AS VARCHAR) || ' at ' || CAST(sides.price_centicents AS VARCHAR)
        || ', tape ' || CAST(trades.count_qty AS VARCHAR) || ' at '
        || CAST(trades.yes_price_centicents AS VARCHAR) AS detail,
    sides.file_sha256,
    sides.line
FROM validate.trade_audit AS sides
JOIN validate.trades AS trades
    ON trades.trade_id = sides.trade_id
    AND trades.business_date = sides.business_date
WHERE sides.business_date = $business_date
    AND (sides.quantity_qty <> trades.count_qty OR sides.price_centicents <> trades.yes_price_centicents)
