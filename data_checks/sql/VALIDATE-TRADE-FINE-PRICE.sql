-- The prices are in the text only; a record that another one corrected does not matter.
SELECT
    landed.trade_id AS subject,
    'YES price ' || landed.yes_price_dollars || ' dollars is finer than 0.0001' AS detail,
    landed.file_sha256,
    landed.line
FROM land.trades AS landed
JOIN validate.trades AS kept
    ON kept.business_date = landed.business_date
    AND kept.file_sha256 = landed.file_sha256
    AND kept.line = landed.line
WHERE landed.business_date = $business_date
    AND CAST(landed.yes_price_dollars AS DECIMAL(18, 6)) * 10000
        <> FLOOR(CAST(landed.yes_price_dollars AS DECIMAL(18, 6)) * 10000)
