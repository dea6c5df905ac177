-- Those that differ from what an earlier date counts are VALIDATE-TRADE-RESENT-CHANGED.
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
compared AS (
    SELECT
        typed.trade_id,
        typed.file_sha256,
        typed.line,
        kept.trade_id IS NOT NULL AND (typed.ticker <> kept.ticker
        OR typed.traded_utc <> kept.traded_utc
        OR typed.taker_side <> kept.taker_side
        OR typed.count_qty <> kept.count_qty
        OR typed.yes_price_centicents <> kept.yes_price_centicents
        -- Not every generation of the API sends it.
        OR COALESCE(typed.no_price_centicents <> kept.no_price_centicents, FALSE)) AS corrected,
        earlier.trade_id IS NOT NULL AND (typed.ticker <> earlier.ticker
        OR typed.traded_utc <> earlier.traded_utc
        OR typed.taker_side <> earlier.taker_side
        OR typed.count_qty <> earlier.count_qty
        OR typed.yes_price_centicents <> earlier.yes_price_centicents
        -- Not every generation of the API sends it.
        OR COALESCE(typed.no_price_centicents <> earlier.no_price_centicents, FALSE)) AS changed
    FROM typed
    LEFT JOIN validate.trades AS kept
        ON kept.trade_id = typed.trade_id
        AND kept.business_date = $business_date
    LEFT JOIN validate.trades AS earlier
        ON earlier.trade_id = typed.trade_id
        AND earlier.business_date < $business_date
)
SELECT
    trade_id AS subject,
    CASE
        WHEN corrected THEN 'another record of the date counts in its place'
        ELSE 'arrived again and is not counted again'
    END AS detail,
    file_sha256,
    line
FROM compared
WHERE NOT changed
