-- Those that differ from what an earlier date counts are VALIDATE-TRADE-RESENT-CHANGED.
SELECT
    trade_id AS subject,
    CASE
        WHEN differs THEN 'replaced by another record of the date'
        ELSE 'arrived again, counted once'
    END AS detail,
    file_sha256,
    line
FROM validate.resent_trades
WHERE business_date = $business_date
    AND NOT (differs AND counted_business_date < business_date)
