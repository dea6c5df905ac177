-- grain: one row per business date
-- meaning: totals of the venue from which trends and correlations are made: trading, each trade once per side and by how the side is carried, open interest, and the day's volatility of log-odds weighted by the open interest at the start of the day
-- owner: risk
-- column trades: trades on the tape
-- column volume_qty: contracts traded (1e-2)
-- column margined_sides: sides of trades carried on margin
-- column sides: sides of trades
-- column margined_side_qty: contracts (1e-2) of the sides on margin
-- column side_qty: contracts (1e-2) of all sides
-- column margined_notional_micros: what the sides on margin would have paid in full: YES price x contracts for YES, NO price x contracts for NO
-- column notional_micros: the same of all sides
-- column open_interest_qty: contracts open at the end of the day (1e-2)
-- column weighted_markets: markets in the volatility: open at the start of the day, traded that day and the day before marked, not settled
-- column weight_qty: their open interest at the start of the day (1e-2)
-- column open_qty: open interest at the start of the day (1e-2) of all markets that are not settled
-- column mean_square_e12: mean of their squared returns of log-odds, weighted by open interest (1e-12), empty where there is none
WITH sides AS (
    SELECT
        COUNT(CASE WHEN collateralisation = 'margined' THEN 1 END) AS margined_sides,
        COUNT(*) AS sides,
        COALESCE(SUM(CASE WHEN collateralisation = 'margined' THEN ABS(signed_qty) ELSE 0 END), 0) AS margined_side_qty,
        COALESCE(SUM(ABS(signed_qty)), 0) AS side_qty,
        COALESCE(SUM(CASE WHEN collateralisation = 'margined' THEN notional_micros ELSE 0 END), 0) AS margined_notional_micros,
        COALESCE(SUM(notional_micros), 0) AS notional_micros
    FROM (
        SELECT
            collateralisation,
            signed_qty,
            CASE
                WHEN signed_qty >= 0 THEN CAST(signed_qty AS HUGEINT) * price_centicents
                ELSE CAST(-signed_qty AS HUGEINT) * (10000 - price_centicents)
            END AS notional_micros
        FROM recompute.trade_sides
        WHERE business_date = $business_date
    ) AS priced
),
markets AS (
    SELECT
        COALESCE(SUM(trades), 0) AS trades,
        COALESCE(SUM(volume_qty), 0) AS volume_qty,
        COALESCE(SUM(open_interest_qty), 0) AS open_interest_qty
    FROM recompute.open_interest
    WHERE business_date = $business_date
),
returns AS (
    SELECT
        interest.opening_interest_qty AS weight_qty,
        -- A mark that was carried is stale: its return of nothing is not an observation.
        CASE
            WHEN marks.mark_source = 'trade' AND marks.previous_mark_centicents IS NOT NULL THEN CAST(ROUND(
                POWER(
                    LN(LEAST(GREATEST(marks.mark_centicents, 50), 9950)
                        / (10000 - LEAST(GREATEST(marks.mark_centicents, 50), 9950)))
                    - LN(LEAST(GREATEST(marks.previous_mark_centicents, 50), 9950)
                        / (10000 - LEAST(GREATEST(marks.previous_mark_centicents, 50), 9950))),
                    2
                ) * 1000000000000
            ) AS HUGEINT)
        END AS square_e12
    FROM recompute.open_interest AS interest
    JOIN recompute.marks AS marks
        ON marks.ticker = interest.ticker
        AND marks.business_date = interest.business_date
    WHERE interest.business_date = $business_date
        AND interest.opening_interest_qty > 0
        AND NOT marks.settled
),
volatility AS (
    SELECT
        COUNT(square_e12) AS weighted_markets,
        COALESCE(SUM(CASE WHEN square_e12 IS NOT NULL THEN weight_qty ELSE 0 END), 0) AS weight_qty,
        COALESCE(SUM(weight_qty), 0) AS open_qty,
        SUM(weight_qty * square_e12) AS weighted_squares_e12
    FROM returns
)
SELECT
    CAST($business_date AS DATE) AS business_date,
    CAST(markets.trades AS BIGINT) AS trades,
    CAST(markets.volume_qty AS BIGINT) AS volume_qty,
    sides.margined_sides,
    sides.sides,
    CAST(sides.margined_side_qty AS BIGINT) AS margined_side_qty,
    CAST(sides.side_qty AS BIGINT) AS side_qty,
    CAST(sides.margined_notional_micros AS BIGINT) AS margined_notional_micros,
    CAST(sides.notional_micros AS BIGINT) AS notional_micros,
    CAST(markets.open_interest_qty AS BIGINT) AS open_interest_qty,
    volatility.weighted_markets,
    CAST(volatility.weight_qty AS BIGINT) AS weight_qty,
    CAST(volatility.open_qty AS BIGINT) AS open_qty,
    CAST(volatility.weighted_squares_e12 // NULLIF(volatility.weight_qty, 0) AS BIGINT) AS mean_square_e12
FROM sides
CROSS JOIN markets
CROSS JOIN volatility
