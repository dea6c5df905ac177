WITH traded AS (
    SELECT
        ticker,
        COUNT(*) AS trades,
        MIN(file_sha256) AS file_sha256,
        MIN(line) AS line
    FROM validate.trades
    WHERE business_date = $business_date
    GROUP BY ticker
),
known AS (
    SELECT DISTINCT ticker
    FROM validate.markets
    WHERE business_date <= $business_date
)
SELECT
    traded.ticker AS subject,
    CAST(traded.trades AS VARCHAR) || ' trades, no market record' AS detail,
    traded.file_sha256,
    traded.line
FROM traded
LEFT JOIN known
    ON known.ticker = traded.ticker
WHERE known.ticker IS NULL
