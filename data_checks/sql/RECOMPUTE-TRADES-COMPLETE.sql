WITH tape AS (
    SELECT
        trades.ticker,
        COUNT(*) AS trades,
        SUM(trades.count_qty) AS contracts_qty
    FROM validate.trades AS trades
    LEFT JOIN land.progress AS progress
        ON progress.business_date = trades.business_date
    WHERE trades.business_date = $business_date
        -- While the date runs, the tape may be ahead of the clearing feed, which comes with the cycles.
        AND (progress.complete_to_utc IS NULL OR trades.traded_utc <= progress.complete_to_utc)
    GROUP BY trades.ticker
),
sides AS (
    SELECT
        sides.ticker,
        COUNT(*) AS sides,
        SUM(ABS(sides.signed_qty)) AS contracts_qty
    FROM recompute.trade_sides AS sides
    LEFT JOIN land.progress AS progress
        ON progress.business_date = sides.business_date
    WHERE sides.business_date = $business_date
        AND (progress.complete_to_utc IS NULL OR sides.executed_utc <= progress.complete_to_utc)
    GROUP BY sides.ticker
)
SELECT
    COALESCE(tape.ticker, sides.ticker) AS subject,
    CAST(COALESCE(tape.trades, 0) AS VARCHAR) || ' trades, ' || CAST(COALESCE(sides.sides, 0) AS VARCHAR)
        || ' sides; ' || CAST(COALESCE(tape.contracts_qty, 0) AS VARCHAR) || ' against '
        || CAST(COALESCE(sides.contracts_qty, 0) AS VARCHAR) || ' hundredths' AS detail,
    '' AS file_sha256,
    CAST(NULL AS BIGINT) AS line
FROM tape
FULL OUTER JOIN sides
    ON sides.ticker = tape.ticker
WHERE 2 * COALESCE(tape.trades, 0) <> COALESCE(sides.sides, 0)
    OR 2 * COALESCE(tape.contracts_qty, 0) <> COALESCE(sides.contracts_qty, 0)
