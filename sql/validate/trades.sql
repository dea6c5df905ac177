-- grain: one row per trade
-- meaning: the venue's tape in one model, for every generation of the API; a trade counts once, on the first date under which it arrived, with the values of that date's last file
-- owner: market operations
-- column business_date: date under which the trade arrived
-- column trade_id: identifier given by the venue
-- column traded_utc: time of the trade
-- column trading_date: New York date of the trade
-- column taker_side: side bought by the taker
-- column count_qty: contracts (1e-2)
-- column yes_price_centicents: YES price
-- column no_price_centicents: NO price, null if not sent
-- column history: from a first load of old trades
-- column file_sha256: source file
-- column line: source line
WITH typed AS (
    SELECT
        landed.business_date,
        landed.trade_id,
        landed.ticker,
        CAST(CAST(landed.created_time AS TIMESTAMPTZ) AT TIME ZONE 'UTC' AS TIMESTAMP) AS traded_utc,
        CAST(CAST(landed.created_time AS TIMESTAMPTZ) AT TIME ZONE 'America/New_York' AS DATE) AS trading_date,
        landed.taker_side,
        CAST(CAST(COALESCE(landed.count_fp, landed.count) AS DECIMAL(18, 2)) * 100 AS BIGINT) AS count_qty,
        CAST(FLOOR(COALESCE(
            CAST(landed.yes_price_dollars AS DECIMAL(18, 6)) * 10000,
            CAST(landed.yes_price AS DECIMAL(18, 2)) * 100
        )) AS BIGINT) AS yes_price_centicents,
        CAST(FLOOR(COALESCE(
            CAST(landed.no_price_dollars AS DECIMAL(18, 6)) * 10000,
            CAST(landed.no_price AS DECIMAL(18, 2)) * 100
        )) AS BIGINT) AS no_price_centicents,
        files.history,
        files.sequence,
        landed.file_sha256,
        landed.line
    FROM land.trades AS landed
    JOIN land.files AS files
        ON files.business_date = landed.business_date
        AND files.file_sha256 = landed.file_sha256
    WHERE landed.business_date = $business_date
        AND files.status = 'LANDED'
),
numbered AS (
    -- A trade is corrected by sending it again under the next sequence number.
    SELECT
        typed.*,
        ROW_NUMBER() OVER (
            PARTITION BY trade_id ORDER BY sequence DESC, file_sha256, line
        ) AS arrival
    FROM typed
),
late AS (
    SELECT trade_id
    FROM numbered
    WHERE trading_date < $business_date
),
resent AS (
    -- These trades may have arrived on an earlier date: a trade of an earlier day,
    SELECT late.trade_id
    FROM late
    JOIN validate.trades AS earlier
        ON earlier.trade_id = late.trade_id
    WHERE earlier.business_date < $business_date
    UNION
    -- a trade that arrived before its own day (few do, so little of the lake is read),
    SELECT early.trade_id
    FROM validate.trades AS early
    WHERE early.business_date < $business_date
        AND early.trading_date >= $business_date
    UNION
    -- and a trade sent again with the time of another day (searched for within one week).
    SELECT numbered.trade_id
    FROM numbered
    JOIN validate.trades AS recent
        ON recent.trade_id = numbered.trade_id
    WHERE recent.business_date < $business_date
        AND recent.business_date >= CAST(CAST($business_date AS DATE) - INTERVAL 7 DAY AS DATE)
)
SELECT
    numbered.business_date,
    numbered.trade_id,
    numbered.ticker,
    numbered.traded_utc,
    numbered.trading_date,
    numbered.taker_side,
    numbered.count_qty,
    numbered.yes_price_centicents,
    numbered.no_price_centicents,
    numbered.history,
    numbered.file_sha256,
    numbered.line
FROM numbered
LEFT JOIN resent
    ON resent.trade_id = numbered.trade_id
WHERE numbered.arrival = 1
    AND resent.trade_id IS NULL
