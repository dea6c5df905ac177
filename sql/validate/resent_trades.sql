-- grain: one row per trade record of the day that does not count
-- meaning: trade records that arrived again, each beside the record that counts, which arrived on the day or an earlier one; differs says whether their contents disagree
-- owner: market operations
WITH dropped AS (
    SELECT landed.*
    FROM land.trades AS landed
    JOIN land.files AS files
        ON files.business_date = landed.business_date
        AND files.file_sha256 = landed.file_sha256
        AND files.status = 'LANDED'
    LEFT JOIN validate.trades AS kept
        ON kept.business_date = landed.business_date
        AND kept.file_sha256 = landed.file_sha256
        AND kept.line = landed.line
    WHERE landed.business_date = $business_date
        AND kept.trade_id IS NULL
),
typed AS (
    SELECT
        trade_id,
        ticker,
        CAST(CAST(created_time AS TIMESTAMPTZ) AT TIME ZONE 'UTC' AS TIMESTAMP) AS traded_utc,
        taker_side,
        CAST(CAST(COALESCE(count_fp, count) AS DECIMAL(18, 2)) * 100 AS BIGINT) AS count_qty,
        CAST(FLOOR(COALESCE(
            CAST(yes_price_dollars AS DECIMAL(18, 6)) * 10000,
            CAST(yes_price AS DECIMAL(18, 2)) * 100
        )) AS BIGINT) AS yes_price_centicents,
        CAST(FLOOR(COALESCE(
            CAST(no_price_dollars AS DECIMAL(18, 6)) * 10000,
            CAST(no_price AS DECIMAL(18, 2)) * 100
        )) AS BIGINT) AS no_price_centicents,
        file_sha256,
        line
    FROM dropped
),
counted AS (
    -- Two reads, because today's rows are in memory and the others in the lake.
    SELECT *
    FROM validate.trades
    WHERE business_date = $business_date
    UNION ALL
    SELECT *
    FROM validate.trades
    WHERE business_date < $business_date
)
SELECT
    CAST($business_date AS DATE) AS business_date,
    typed.trade_id,
    typed.ticker,
    typed.traded_utc,
    typed.taker_side,
    typed.count_qty,
    typed.yes_price_centicents,
    typed.no_price_centicents,
    counted.business_date AS counted_business_date,
    counted.ticker AS counted_ticker,
    counted.count_qty AS counted_count_qty,
    counted.yes_price_centicents AS counted_yes_price_centicents,
    COALESCE(
        typed.ticker <> counted.ticker
        OR typed.traded_utc <> counted.traded_utc
        OR typed.taker_side <> counted.taker_side
        OR typed.count_qty <> counted.count_qty
        OR typed.yes_price_centicents <> counted.yes_price_centicents
        -- Not every generation of the API sends the NO price.
        OR COALESCE(typed.no_price_centicents <> counted.no_price_centicents, FALSE),
        FALSE
    ) AS differs,
    typed.file_sha256,
    typed.line
FROM typed
LEFT JOIN counted
    ON counted.trade_id = typed.trade_id
