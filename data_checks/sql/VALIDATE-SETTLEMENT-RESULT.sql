WITH known AS (
    SELECT
        ticker,
        result,
        ROW_NUMBER() OVER (PARTITION BY ticker ORDER BY business_date DESC) AS newest
    FROM validate.markets
    WHERE business_date <= $business_date
)
SELECT
    settled.ticker AS subject,
    'settled ' || settled.result || ', published ' || known.result AS detail,
    settled.file_sha256,
    settled.line
FROM validate.settlement_periods AS settled
JOIN known
    ON known.ticker = settled.ticker
    AND known.newest = 1
WHERE settled.business_date = $business_date
    AND known.result <> ''
    AND known.result <> settled.result
