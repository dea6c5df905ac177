-- grain: one row per market that has ever traded and is not settled before the day, or trades of which arrive after that
-- meaning: our own end-of-day mark, the YES price of the latest trade that arrived up to the day, beside the venue's; a market settled by then also shows its settlement value
-- owner: risk
-- column mark_centicents: our mark of YES
-- column previous_mark_centicents: our mark the day before, empty if it never traded before
-- column mark_source: trade, or carried from an earlier day
-- column last_trade_utc: time of the trade that set the mark
-- column venue_mark_centicents: the venue's end-of-day mark, empty if it gave none
-- column previous_venue_mark_centicents: the venue's mark the day before
-- column settled: settled that day, or before and traded again
-- column settlement_value_centicents: what one YES pays by the latest settlement, if settled
WITH traded AS (
    SELECT
        ticker,
        yes_price_centicents,
        traded_utc,
        ROW_NUMBER() OVER (
            PARTITION BY ticker ORDER BY traded_utc DESC, trade_id DESC
        ) AS newest
    FROM validate.trades
    WHERE business_date = $business_date
),
carried AS (
    SELECT
        marks.ticker,
        marks.mark_centicents,
        marks.venue_mark_centicents,
        marks.last_trade_utc
    FROM recompute.marks AS marks
    JOIN recompute.days AS days
        ON days.previous_business_date = marks.business_date
    WHERE days.business_date = $business_date
        AND NOT marks.settled
),
arrived AS (
    SELECT
        ticker,
        yes_price_centicents,
        traded_utc
    FROM traded
    WHERE newest = 1
),
ours AS (
    SELECT
        COALESCE(arrived.ticker, carried.ticker) AS ticker,
        arrived.yes_price_centicents,
        arrived.traded_utc,
        carried.mark_centicents AS previous_mark_centicents,
        carried.venue_mark_centicents AS previous_venue_mark_centicents,
        carried.last_trade_utc,
        -- A trade that arrives late does not undo the mark that a later trade has set.
        arrived.ticker IS NULL OR COALESCE(carried.last_trade_utc > arrived.traded_utc, FALSE) AS keeps
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
    CASE WHEN ours.keeps THEN ours.previous_mark_centicents ELSE ours.yes_price_centicents END AS mark_centicents,
    ours.previous_mark_centicents,
    CASE WHEN ours.keeps THEN 'carried' ELSE 'trade' END AS mark_source,
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
