WITH judged AS (
    SELECT
        COALESCE(series_id, COALESCE(exchange, '') || '/' || product_code) AS series,
        CASE
            WHEN series_id IS NOT NULL AND (date IS NULL OR value IS NULL)
                THEN 'a series needs a date and a value'
            WHEN product_code IS NOT NULL AND exchange IS NULL
                THEN 'a product needs its exchange'
            WHEN product_code IS NOT NULL AND value IS NOT NULL
                THEN 'a product takes a maintenance margin, an open interest or a volume, not a value'
            WHEN COALESCE(open_interest, total_volume) IS NOT NULL AND TRY_CAST(
                SUBSTRING(trade_date, 1, 4) || '-' || SUBSTRING(trade_date, 5, 2)
                || '-' || SUBSTRING(trade_date, 7, 2) AS DATE
            ) IS NULL
                THEN 'open interest and volume need an existing trade date'
            WHEN COALESCE(open_interest, total_volume) IS NOT NULL
                AND (contract_year IS NULL OR contract_month IS NULL)
                THEN 'open interest and volume need the year and month of the contract'
            WHEN CAST(contract_month AS BIGINT) NOT BETWEEN 1 AND 12
                THEN 'the contract month does not exist'
            WHEN CAST(open_interest AS BIGINT) < 0 OR CAST(total_volume AS BIGINT) < 0
                THEN 'open interest and volume cannot be negative'
            WHEN CAST(block_volume AS BIGINT) > CAST(total_volume AS BIGINT)
                THEN 'block volume exceeds total volume of which it is a part'
            WHEN CAST(SUBSTRING(start_period, 4, 4) || SUBSTRING(start_period, 1, 2) AS BIGINT)
                > CAST(SUBSTRING(end_period, 4, 4) || SUBSTRING(end_period, 1, 2) AS BIGINT)
                THEN 'the first contract month is after the last'
        END AS fault,
        file_sha256,
        line
    FROM land.benchmarks
    WHERE business_date = $business_date
)
SELECT
    'benchmarks: ' || series AS subject,
    fault AS detail,
    file_sha256,
    line
FROM judged
WHERE fault IS NOT NULL
