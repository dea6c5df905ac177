-- grain: one row per intraday cycle, account, market and collateralisation that was open or traded by then
-- meaning: positions at the cycle: the closing positions of the day before plus the trades up to the cycle, less what is settled by then; with their variation since the last end of day, before fees, in micros (1e-6 USD); amendments of earlier settlements are booked at the end of the day
-- owner: risk
-- only with: recompute.cycles
WITH opening AS (
    SELECT
        positions.account_id,
        positions.ticker,
        positions.collateralisation,
        positions.closing_qty
    FROM recompute.positions AS positions
    JOIN recompute.days AS days
        ON days.previous_business_date = positions.business_date
    WHERE days.business_date = $business_date
        AND positions.closing_qty <> 0
),
flows AS (
    SELECT
        cycles.cycle,
        opening.account_id,
        opening.ticker,
        opening.collateralisation,
        opening.closing_qty AS opening_qty,
        0 AS traded_qty,
        CAST(0 AS HUGEINT) AS paid_micros
    FROM opening
    CROSS JOIN recompute.cycles AS cycles
    WHERE cycles.business_date = $business_date
    UNION ALL
    SELECT
        cycles.cycle,
        sides.account_id,
        sides.ticker,
        sides.collateralisation,
        0 AS opening_qty,
        sides.signed_qty AS traded_qty,
        CAST(sides.signed_qty AS HUGEINT) * sides.price_centicents AS paid_micros
    FROM recompute.trade_sides AS sides
    JOIN recompute.cycles AS cycles
        ON cycles.business_date = sides.business_date
        AND cycles.cycle_utc >= sides.executed_utc
    WHERE sides.business_date = $business_date
),
merged AS (
    SELECT
        cycle,
        account_id,
        ticker,
        collateralisation,
        CAST(SUM(opening_qty) AS BIGINT) AS opening_qty,
        CAST(SUM(traded_qty) AS BIGINT) AS traded_qty,
        SUM(paid_micros) AS paid_micros
    FROM flows
    GROUP BY cycle, account_id, ticker, collateralisation
)
SELECT
    CAST($business_date AS DATE) AS business_date,
    merged.cycle,
    merged.account_id,
    merged.ticker,
    merged.collateralisation,
    merged.opening_qty,
    merged.traded_qty,
    CASE
        WHEN marks.settlement_value_centicents IS NULL THEN merged.opening_qty + merged.traded_qty
        ELSE 0
    END AS closing_qty,
    -- Opening x (value - previous mark) + trades x (value - price).
    CAST(
        CAST(merged.opening_qty + merged.traded_qty AS HUGEINT)
            * COALESCE(marks.settlement_value_centicents, marks.mark_centicents)
        - CAST(merged.opening_qty AS HUGEINT) * COALESCE(marks.previous_mark_centicents, 0)
        - merged.paid_micros
        AS BIGINT
    ) AS variation_micros
FROM merged
JOIN recompute.cycle_marks AS marks
    ON marks.cycle = merged.cycle
    AND marks.ticker = merged.ticker
    AND marks.business_date = $business_date
