-- grain: one row per series and date; for futures exchanges a series is one measure of a product or contract
-- meaning: the stream benchmarks of the day in one form for all three layouts; of rows with one key the last file's counts; rows without a value for a known date are left out (VALIDATE-BENCHMARK)
-- owner: clearing operations
WITH landed AS (
    SELECT
        landed.*,
        COALESCE(landed.exchange, '') || '/' || COALESCE(landed.product_code, '') AS product,
        COALESCE(landed.product_type, '') || '/' || CASE
            WHEN landed.put_call IS NULL THEN ''
            ELSE landed.put_call || COALESCE(landed.strike_price, '') || '/'
        END || COALESCE(landed.contract_year, '') || '-'
            || LPAD(COALESCE(landed.contract_month, ''), 2, '0') AS contract,
        TRY_CAST(
            SUBSTRING(landed.trade_date, 1, 4) || '-' || SUBSTRING(landed.trade_date, 5, 2)
            || '-' || SUBSTRING(landed.trade_date, 7, 2) AS DATE
        ) AS traded_on,
        files.sequence
    FROM land.benchmarks AS landed
    JOIN land.files AS files
        ON files.business_date = landed.business_date
        AND files.file_sha256 = landed.file_sha256
    WHERE landed.business_date = $business_date
        AND files.status = 'LANDED'
),
in_one_form AS (
    SELECT
        series_id,
        CAST(date AS DATE) AS trading_date,
        value,
        COALESCE(unit, '') AS unit,
        '' AS exchange,
        '' AS product_code,
        'value' AS measure,
        sequence, file_sha256, line
    FROM landed
    WHERE series_id IS NOT NULL AND date IS NOT NULL AND value IS NOT NULL
    UNION ALL
    SELECT
        product || '/' || COALESCE(start_period, '') || '-' || COALESCE(end_period, '')
            || '/maintenance',
        CAST($business_date AS DATE),
        REPLACE(SUBSTRING(maintenance, 1, LENGTH(maintenance) - 4), ',', ''),
        SUBSTRING(maintenance, LENGTH(maintenance) - 2, 3),
        exchange,
        product_code,
        'maintenance',
        sequence, file_sha256, line
    FROM landed
    WHERE product_code IS NOT NULL AND exchange IS NOT NULL AND maintenance IS NOT NULL
    UNION ALL
    SELECT
        product || '/' || contract || '/open_interest',
        traded_on,
        open_interest,
        'contracts',
        exchange,
        product_code,
        'open_interest',
        sequence, file_sha256, line
    FROM landed
    WHERE product_code IS NOT NULL AND exchange IS NOT NULL AND open_interest IS NOT NULL
        AND traded_on IS NOT NULL AND contract_year IS NOT NULL AND contract_month IS NOT NULL
    UNION ALL
    SELECT
        product || '/' || contract || '/total_volume',
        traded_on,
        total_volume,
        'contracts',
        exchange,
        product_code,
        'total_volume',
        sequence, file_sha256, line
    FROM landed
    WHERE product_code IS NOT NULL AND exchange IS NOT NULL AND total_volume IS NOT NULL
        AND traded_on IS NOT NULL AND contract_year IS NOT NULL AND contract_month IS NOT NULL
),
numbered AS (
    SELECT
        in_one_form.*,
        ROW_NUMBER() OVER (
            PARTITION BY series_id, trading_date
            ORDER BY sequence DESC, file_sha256, line
        ) AS newest
    FROM in_one_form
)
SELECT
    CAST($business_date AS DATE) AS business_date,
    series_id,
    trading_date,
    value,
    unit,
    exchange,
    product_code,
    measure,
    file_sha256,
    line
FROM numbered
WHERE newest = 1
