SELECT
    trade_id AS subject,
    'differs from the record of ' || CAST(counted_business_date AS VARCHAR) || ', which still counts: '
        || ticker || ' ' || CAST(count_qty AS VARCHAR) || ' hundredths at '
        || CAST(yes_price_centicents AS VARCHAR) || ' against ' || counted_ticker || ' '
        || CAST(counted_count_qty AS VARCHAR) || ' hundredths at '
        || CAST(counted_yes_price_centicents AS VARCHAR) || ' centicents' AS detail,
    file_sha256,
    line
FROM validate.resent_trades
WHERE business_date = $business_date
    AND counted_business_date < business_date
    AND differs
