SELECT
    trade_id AS subject,
    'YES ' || CAST(yes_price_centicents AS VARCHAR) || ' + NO ' || CAST(no_price_centicents AS VARCHAR)
        || ' centicents is not 10000' AS detail,
    file_sha256,
    line
FROM validate.trades
WHERE business_date = $business_date
    AND yes_price_centicents + no_price_centicents <> 10000
