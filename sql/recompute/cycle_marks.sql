-- grain: one row per intraday cycle and contract of the date that has a mark or a settlement value by then
-- meaning: our own mark of YES at the cycle, made from the trades up to it by the mark policy of the schedule in force, else the carried one, with the settlement value where the market is settled by then and the volume traded so far; beside it the venue's price of the cycle, with its file and line
-- owner: risk
-- only with: recompute.cycles
-- column mark_kind: last_trade, or volume_weighted price of the last trades before the cycle or the end of an earlier day
WITH policies AS (
    SELECT
        contracts.ticker,
        COALESCE(own.window_seconds, usual.window_seconds, 0) AS window_seconds,
        COALESCE(own.least_volume_qty, usual.least_volume_qty, 0) AS least_volume_qty,
        COALESCE(own.least_trade_qty, usual.least_trade_qty, 0) AS least_trade_qty
    FROM recompute.contracts AS contracts
    LEFT JOIN recompute.mark_policies AS own
        ON own.category = contracts.category
        AND own.business_date = contracts.business_date
    LEFT JOIN recompute.mark_policies AS usual
        ON usual.category = 'default'
        AND usual.business_date = contracts.business_date
    WHERE contracts.business_date = $business_date
),
arrived AS (
    SELECT
        cycles.cycle,
        trades.ticker,
        trades.trade_id,
        trades.yes_price_centicents,
        trades.count_qty,
        trades.traded_utc,
        trades.count_qty >= COALESCE(policies.least_trade_qty, 0) AS counts,
        -- A policy of the last trade has no window.
        date_diff('second', trades.traded_utc, cycles.cycle_utc) <= COALESCE(policies.window_seconds, 0) AS in_window,
        COALESCE(policies.least_volume_qty, 0) AS least_volume_qty
    FROM validate.trades AS trades
    JOIN recompute.cycles AS cycles
        ON cycles.business_date = trades.business_date
        AND cycles.cycle_utc >= trades.traded_utc
    LEFT JOIN policies
        ON policies.ticker = trades.ticker
    WHERE trades.business_date = $business_date
),
ranked AS (
    SELECT
        cycle,
        ticker,
        yes_price_centicents,
        traded_utc,
        counts,
        SUM(count_qty) OVER (PARTITION BY cycle, ticker) AS volume_qty,
        ROW_NUMBER() OVER (
            PARTITION BY cycle, ticker ORDER BY counts DESC, traded_utc DESC, trade_id DESC
        ) AS newest
    FROM arrived
),
windowed AS (
    SELECT
        cycle,
        ticker,
        SUM(yes_price_centicents * count_qty) AS price_volume,
        SUM(count_qty) AS volume_qty
    FROM arrived
    WHERE counts
        AND in_window
        AND least_volume_qty > 0
    GROUP BY cycle, ticker
    HAVING SUM(count_qty) >= MAX(least_volume_qty)
),
traded AS (
    SELECT
        ranked.cycle,
        ranked.ticker,
        ranked.counts,
        ranked.traded_utc,
        ranked.volume_qty,
        CASE
            WHEN windowed.ticker IS NULL THEN ranked.yes_price_centicents
            -- Half even.
            WHEN 2 * (windowed.price_volume % windowed.volume_qty)
                + (windowed.price_volume // windowed.volume_qty) % 2 > windowed.volume_qty
                THEN windowed.price_volume // windowed.volume_qty + 1
            ELSE windowed.price_volume // windowed.volume_qty
        END AS mark_centicents,
        CASE WHEN windowed.ticker IS NULL THEN 'last_trade' ELSE 'volume_weighted' END AS mark_kind
    FROM ranked
    LEFT JOIN windowed
        ON windowed.ticker = ranked.ticker
        AND windowed.cycle = ranked.cycle
    WHERE ranked.newest = 1
),
carried AS (
    SELECT
        marks.ticker,
        marks.mark_centicents,
        marks.mark_kind,
        COALESCE(marks.counted, TRUE) AS counted,
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
        CASE
            WHEN traded.ticker IS NULL THEN TRUE
            WHEN carried.ticker IS NULL THEN FALSE
            -- A trade too small to count never undoes one that counted.
            WHEN carried.counted <> traded.counts THEN carried.counted
            -- A trade that arrives late does not undo the mark that a later trade has set.
            ELSE COALESCE(carried.last_trade_utc > traded.traded_utc, FALSE)
        END AS keeps,
        traded.mark_centicents,
        traded.mark_kind,
        traded.traded_utc,
        carried.mark_kind AS previous_mark_kind,
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
    CAST(CASE WHEN known.keeps THEN known.previous_mark_centicents ELSE known.mark_centicents END AS BIGINT)
        AS mark_centicents,
    known.previous_mark_centicents,
    CASE WHEN known.keeps THEN 'carried' ELSE 'trade' END AS mark_source,
    CASE WHEN known.keeps THEN known.previous_mark_kind ELSE known.mark_kind END AS mark_kind,
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
    OR known.mark_centicents IS NOT NULL
    OR known.settlement_value_centicents IS NOT NULL
