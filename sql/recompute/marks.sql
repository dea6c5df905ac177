-- grain: one row per market that has ever traded and is not settled before the day, or trades of which arrive after that
-- meaning: our own end-of-day mark of YES, made from the trades that arrived up to the day by the mark policy of the schedule in force, beside the venue's; a market settled by then also shows its settlement value
-- owner: risk
-- column mark_centicents: our mark of YES
-- column previous_mark_centicents: our mark the day before, empty if it never traded before
-- column mark_source: trade, or carried from an earlier day
-- column mark_kind: last_trade, or volume_weighted price of the last trades before the end of a day
-- column counted_qty: quantity of the trades that made the mark
-- column marked_date: day on whose trades the mark was made
-- column counted: a trade of the size that counts has made the mark, or one of an earlier day; until then any size does
-- column last_trade_utc: time of the last trade that made the mark
-- column venue_mark_centicents: the venue's end-of-day mark, empty if it gave none
-- column previous_venue_mark_centicents: the venue's mark the day before
-- column settled: settled that day, or before and traded again
-- column settlement_value_centicents: what one YES pays by the latest settlement, if settled
WITH cycle AS (
    SELECT
        timezone('UTC', timezone('America/New_York', CAST($business_date AS DATE) + INTERVAL 1 DAY)) AS ended_utc
),
policies AS (
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
traded AS (
    SELECT
        trades.ticker,
        trades.trade_id,
        trades.yes_price_centicents,
        trades.count_qty,
        trades.traded_utc,
        trades.count_qty >= COALESCE(policies.least_trade_qty, 0) AS counts,
        -- A policy of the last trade has no window.
        date_diff('second', trades.traded_utc, cycle.ended_utc) <= COALESCE(policies.window_seconds, 0) AS in_window,
        COALESCE(policies.least_volume_qty, 0) AS least_volume_qty
    FROM validate.trades AS trades
    CROSS JOIN cycle
    LEFT JOIN policies
        ON policies.ticker = trades.ticker
    WHERE trades.business_date = $business_date
),
ranked AS (
    SELECT
        ticker,
        yes_price_centicents,
        count_qty,
        traded_utc,
        counts,
        ROW_NUMBER() OVER (
            PARTITION BY ticker ORDER BY counts DESC, traded_utc DESC, trade_id DESC
        ) AS newest
    FROM traded
),
windowed AS (
    SELECT
        ticker,
        SUM(yes_price_centicents * count_qty) AS price_volume,
        SUM(count_qty) AS volume_qty
    FROM traded
    WHERE counts
        AND in_window
        AND least_volume_qty > 0
    GROUP BY ticker
    HAVING SUM(count_qty) >= MAX(least_volume_qty)
),
arrived AS (
    SELECT
        ranked.ticker,
        ranked.counts,
        ranked.traded_utc,
        CASE
            WHEN windowed.ticker IS NULL THEN ranked.yes_price_centicents
            -- Half even.
            WHEN 2 * (windowed.price_volume % windowed.volume_qty)
                + (windowed.price_volume // windowed.volume_qty) % 2 > windowed.volume_qty
                THEN windowed.price_volume // windowed.volume_qty + 1
            ELSE windowed.price_volume // windowed.volume_qty
        END AS mark_centicents,
        CASE WHEN windowed.ticker IS NULL THEN 'last_trade' ELSE 'volume_weighted' END AS mark_kind,
        COALESCE(windowed.volume_qty, ranked.count_qty) AS counted_qty
    FROM ranked
    LEFT JOIN windowed
        ON windowed.ticker = ranked.ticker
    WHERE ranked.newest = 1
),
carried AS (
    SELECT
        marks.ticker,
        marks.mark_centicents,
        marks.venue_mark_centicents,
        marks.mark_kind,
        marks.counted_qty,
        marks.marked_date,
        COALESCE(marks.counted, TRUE) AS counted,
        marks.last_trade_utc
    FROM recompute.marks AS marks
    JOIN recompute.days AS days
        ON days.previous_business_date = marks.business_date
    WHERE days.business_date = $business_date
        AND NOT marks.settled
),
ours AS (
    SELECT
        COALESCE(arrived.ticker, carried.ticker) AS ticker,
        arrived.mark_centicents,
        arrived.mark_kind,
        arrived.counted_qty,
        arrived.counts,
        arrived.traded_utc,
        carried.mark_centicents AS previous_mark_centicents,
        carried.venue_mark_centicents AS previous_venue_mark_centicents,
        carried.mark_kind AS previous_mark_kind,
        carried.counted_qty AS previous_counted_qty,
        carried.marked_date,
        carried.counted,
        carried.last_trade_utc,
        CASE
            WHEN arrived.ticker IS NULL THEN TRUE
            WHEN carried.ticker IS NULL THEN FALSE
            -- A trade too small to count never undoes one that counted.
            WHEN carried.counted <> arrived.counts THEN carried.counted
            -- A trade that arrives late does not undo the mark that a later trade has set.
            ELSE COALESCE(carried.last_trade_utc > arrived.traded_utc, FALSE)
        END AS keeps
    FROM arrived
    FULL OUTER JOIN carried
        ON carried.ticker = arrived.ticker
),
venue AS (
    SELECT
        ticker,
        settlement_price_centicents
    FROM validate.market_price_snapshot
    WHERE business_date = $business_date
        AND cycle = 'EOD'
),
settled AS (
    -- Two reads, not one up to the date: today's rows are in memory, the others in the lake.
    SELECT ticker, business_date, settlement_value_centicents
    FROM recompute.settlements
    WHERE business_date = $business_date
    UNION ALL
    SELECT ticker, business_date, settlement_value_centicents
    FROM recompute.settlements
    WHERE business_date < $business_date
),
in_force AS (
    SELECT
        ticker,
        settlement_value_centicents,
        ROW_NUMBER() OVER (PARTITION BY ticker ORDER BY business_date DESC) AS newest
    FROM settled
)
SELECT
    CAST($business_date AS DATE) AS business_date,
    ours.ticker,
    CAST(CASE WHEN ours.keeps THEN ours.previous_mark_centicents ELSE ours.mark_centicents END AS BIGINT)
        AS mark_centicents,
    ours.previous_mark_centicents,
    CASE WHEN ours.keeps THEN 'carried' ELSE 'trade' END AS mark_source,
    CASE WHEN ours.keeps THEN ours.previous_mark_kind ELSE ours.mark_kind END AS mark_kind,
    CAST(CASE WHEN ours.keeps THEN ours.previous_counted_qty ELSE ours.counted_qty END AS BIGINT) AS counted_qty,
    CASE WHEN ours.keeps THEN ours.marked_date ELSE CAST($business_date AS DATE) END AS marked_date,
    CASE WHEN ours.keeps THEN ours.counted ELSE ours.counts END AS counted,
    CASE WHEN ours.keeps THEN ours.last_trade_utc ELSE ours.traded_utc END AS last_trade_utc,
    venue.settlement_price_centicents AS venue_mark_centicents,
    ours.previous_venue_mark_centicents,
    in_force.ticker IS NOT NULL AS settled,
    in_force.settlement_value_centicents
FROM ours
LEFT JOIN venue
    ON venue.ticker = ours.ticker
LEFT JOIN in_force
    ON in_force.ticker = ours.ticker
    AND in_force.newest = 1
