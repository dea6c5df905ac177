WITH tape AS (
    SELECT
        ticker,
        COUNT(*) AS trades,
        SUM(count_qty) AS contracts_qty
    FROM validate.trades
    WHERE business_date = $business_date
    GROUP BY ticker
),
sides AS (
    SELECT
        ticker,
        COUNT(*) AS sides,
        SUM(ABS(signed_qty)) AS contracts_qty
    FROM recompute.trade_sides
    WHERE business_date = $business_date
    GROUP BY ticker
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
