SELECT
    trade_id AS subject,
    'YES price ' || CAST(yes_price_centicents AS VARCHAR) || ' centicents' AS detail,
    file_sha256,
    line
FROM validate.trades
WHERE business_date = $business_date
    AND (yes_price_centicents <= 0 OR yes_price_centicents >= 10000)
