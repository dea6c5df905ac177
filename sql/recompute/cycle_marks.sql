-- grain: one row per intraday cycle and contract of the date that has a mark or a settlement value by then
-- meaning: our own mark at the cycle, the YES price of the latest trade up to it, else the carried one, with the settlement value where the market is settled by then and the volume traded so far; beside it the venue's price of the cycle, with its file and line
-- owner: risk
-- only with: recompute.cycles
WITH traded AS (
    SELECT
        cycles.cycle,
        trades.ticker,
        trades.yes_price_centicents,
        trades.traded_utc,
        SUM(trades.count_qty) OVER (PARTITION BY cycles.cycle, trades.ticker) AS volume_qty,
        ROW_NUMBER() OVER (
            PARTITION BY cycles.cycle, trades.ticker ORDER BY trades.traded_utc DESC, trades.trade_id DESC
        ) AS newest
    FROM validate.trades AS trades
    JOIN recompute.cycles AS cycles
        ON cycles.business_date = trades.business_date
        AND cycles.cycle_utc >= trades.traded_utc
    WHERE trades.business_date = $business_date
),
carried AS (
    SELECT
        marks.ticker,
        marks.mark_centicents,
        marks.last_trade_utc
    FROM recompute.marks AS marks
    JOIN recompute.days AS days
        ON days.previous_business_date = marks.business_date
    WHERE days.business_date = $business_date
        AND NOT marks.settled
),
volumes AS (
    SELECT
        volumes.ticker,
        volumes.first_traded_date,
        volumes.total_volume_qty
    FROM recompute.trading_volume AS volumes
    JOIN recompute.days AS days
        ON days.previous_business_date = volumes.business_date
    WHERE days.business_date = $business_date
),
earlier AS (
    SELECT
        ticker,
        revision,
        settlement_value_centicents,
        ROW_NUMBER() OVER (PARTITION BY ticker ORDER BY business_date DESC) AS newest
    FROM recompute.settlements
    WHERE business_date < $business_date
),
settled AS (
    SELECT
        cycles.cycle,
        periods.ticker,
        periods.revision,
        periods.settlement_value_centicents,
        ROW_NUMBER() OVER (PARTITION BY cycles.cycle, periods.ticker ORDER BY periods.revision DESC) AS newest
    FROM validate.settlement_periods AS periods
    JOIN recompute.cycles AS cycles
        ON cycles.business_date = periods.business_date
        AND cycles.cycle_utc >= periods.settled_utc
    WHERE periods.business_date = $business_date
),
known AS (
    SELECT
        cycles.cycle,
        contracts.ticker,
        -- A trade that arrives late does not undo the mark that a later trade has set.
        traded.ticker IS NULL OR COALESCE(carried.last_trade_utc > traded.traded_utc, FALSE) AS keeps,
        traded.yes_price_centicents,
        traded.traded_utc,
        carried.mark_centicents AS previous_mark_centicents,
        carried.last_trade_utc AS previous_trade_utc,
        CASE
            WHEN settled.revision >= earlier.revision OR earlier.revision IS NULL
                THEN COALESCE(settled.settlement_value_centicents, earlier.settlement_value_centicents)
            ELSE earlier.settlement_value_centicents
        END AS settlement_value_centicents,
        volumes.first_traded_date,
        COALESCE(volumes.total_volume_qty, 0) + COALESCE(traded.volume_qty, 0) AS total_volume_qty
    FROM recompute.contracts AS contracts
    JOIN recompute.cycles AS cycles
        ON cycles.business_date = contracts.business_date
    LEFT JOIN traded
        ON traded.ticker = contracts.ticker
        AND traded.cycle = cycles.cycle
        AND traded.newest = 1
    LEFT JOIN carried
        ON carried.ticker = contracts.ticker
    LEFT JOIN volumes
        ON volumes.ticker = contracts.ticker
    LEFT JOIN earlier
        ON earlier.ticker = contracts.ticker
        AND earlier.newest = 1
    LEFT JOIN settled
        ON settled.ticker = contracts.ticker
        AND settled.cycle = cycles.cycle
        AND settled.newest = 1
    WHERE contracts.business_date = $business_date
)
SELECT
    CAST($business_date AS DATE) AS business_date,
    known.cycle,
    known.ticker,
    CASE WHEN known.keeps THEN known.previous_mark_centicents ELSE known.yes_price_centicents END AS mark_centicents,
    known.previous_mark_centicents,
    CASE WHEN known.keeps THEN 'carried' ELSE 'trade' END AS mark_source,
    CASE WHEN known.keeps THEN known.previous_trade_utc ELSE known.traded_utc END AS last_trade_utc,
    known.settlement_value_centicents,
    COALESCE(known.first_traded_date, CAST($business_date AS DATE)) AS first_traded_date,
    CAST(known.total_volume_qty AS BIGINT) AS total_volume_qty,
    venue.settlement_price_centicents AS venue_mark_centicents,
    COALESCE(venue.file_sha256, '') AS file_sha256,
    venue.line
FROM known
LEFT JOIN validate.market_price_snapshot AS venue
    ON venue.cycle = known.cycle
    AND venue.ticker = known.ticker
    AND venue.business_date = $business_date
WHERE known.previous_mark_centicents IS NOT NULL
    OR known.yes_price_centicents IS NOT NULL
    OR known.settlement_value_centicents IS NOT NULL
