SELECT
    trade_id AS subject,
    CAST(count_qty AS VARCHAR) || ' hundredths of a contract' AS detail,
    file_sha256,
    line
FROM validate.trades
WHERE business_date = $business_date
    AND count_qty <= 0
