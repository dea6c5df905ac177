SELECT
    ticker AS subject,
    'result ' || result || ' pays ' || CAST(settlement_value_centicents AS VARCHAR) || ' centicents' AS detail,
    file_sha256,
    line
FROM validate.settlement_periods
WHERE business_date = $business_date
    AND (
        (result = 'yes' AND settlement_value_centicents <> 10000)
        OR (result = 'no' AND settlement_value_centicents <> 0)
        OR settlement_value_centicents > 10000
    )
