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
)
SELECT
    typed.trade_id AS subject,
    'differs from the record of ' || CAST(earlier.business_date AS VARCHAR) || ', which counts: '
        || typed.ticker || ' ' || CAST(typed.count_qty AS VARCHAR) || ' hundredths at '
        || CAST(typed.yes_price_centicents AS VARCHAR) || ' against ' || earlier.ticker || ' '
        || CAST(earlier.count_qty AS VARCHAR) || ' hundredths at '
        || CAST(earlier.yes_price_centicents AS VARCHAR) || ' centicents' AS detail,
    typed.file_sha256,
    typed.line
FROM typed
JOIN validate.trades AS earlier
    ON earlier.trade_id = typed.trade_id
WHERE earlier.business_date < $business_date
    AND (typed.ticker <> earlier.ticker
        OR typed.traded_utc <> earlier.traded_utc
        OR typed.taker_side <> earlier.taker_side
        OR typed.count_qty <> earlier.count_qty
        OR typed.yes_price_centicents <> earlier.yes_price_centicents
        -- Not every generation of the API sends it.
        OR COALESCE(typed.no_price_centicents <> earlier.no_price_centicents, FALSE))
