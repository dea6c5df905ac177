SELECT
    trade_id AS subject,
    'traded on ' || CAST(trading_date AS VARCHAR) || ', arrived for ' || CAST(business_date AS VARCHAR) AS detail,
    file_sha256,
    line
FROM validate.trades
WHERE business_date = $business_date
    AND trading_date <> business_date
    AND NOT history
