WITH known AS (
    SELECT
        ticker,
        status,
        business_date,
        ROW_NUMBER() OVER (PARTITION BY ticker ORDER BY business_date DESC) AS newest
    FROM validate.markets
    WHERE business_date <= $business_date
)
SELECT
    settled.ticker AS subject,
    'settled ' || settled.result || ' at ' || CAST(settled.settlement_value_centicents AS VARCHAR)
        || ' centicents, '
        || COALESCE(
            'status at the venue ' || known.status || ' since ' || CAST(known.business_date AS VARCHAR),
            'no market record of the venue'
        ) AS detail,
    settled.file_sha256,
    settled.line
FROM validate.settlement_periods AS settled
LEFT JOIN known
    ON known.ticker = settled.ticker
    AND known.newest = 1
WHERE settled.business_date = $business_date
    AND COALESCE(known.status, '') NOT IN ('determined', 'amended', 'finalized')
