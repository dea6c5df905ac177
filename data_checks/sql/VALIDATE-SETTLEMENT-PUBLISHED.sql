-- Another result is VALIDATE-SETTLEMENT-RESULT. Before there is a result, the value means nothing.
WITH known AS (
    SELECT
        ticker,
        result,
        settlement_value_centicents,
        ROW_NUMBER() OVER (PARTITION BY ticker ORDER BY business_date DESC) AS newest
    FROM validate.markets
    WHERE business_date <= $business_date
)
SELECT
    settled.ticker AS subject,
    'settled ' || settled.result || ' at ' || CAST(settled.settlement_value_centicents AS VARCHAR)
        || ', published at ' || CAST(known.settlement_value_centicents AS VARCHAR) || ' centicents' AS detail,
    settled.file_sha256,
    settled.line
FROM validate.settlement_periods AS settled
JOIN known
    ON known.ticker = settled.ticker
    AND known.newest = 1
WHERE settled.business_date = $business_date
    AND known.result = settled.result
    AND known.settlement_value_centicents <> settled.settlement_value_centicents
