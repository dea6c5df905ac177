WITH sides AS (
    SELECT
        trade_id,
        SUM(CASE WHEN side = 'yes' THEN 1 ELSE 0 END) AS yes_sides,
        SUM(CASE WHEN side = 'no' THEN 1 ELSE 0 END) AS no_sides
    FROM validate.trade_audit
    WHERE business_date = $business_date
    GROUP BY trade_id
)
SELECT
    trades.trade_id AS subject,
    CAST(COALESCE(sides.yes_sides, 0) AS VARCHAR) || ' YES and '
        || CAST(COALESCE(sides.no_sides, 0) AS VARCHAR) || ' NO sides' AS detail,
    trades.file_sha256,
    trades.line
FROM validate.trades AS trades
LEFT JOIN sides
    ON sides.trade_id = trades.trade_id
LEFT JOIN land.progress AS progress
    ON progress.business_date = trades.business_date
WHERE trades.business_date = $business_date
    AND (COALESCE(sides.yes_sides, 0) <> 1 OR COALESCE(sides.no_sides, 0) <> 1)
    -- While the date runs, the tape may be ahead of the clearing feed, which comes with the cycles.
    AND (progress.complete_to_utc IS NULL OR trades.traded_utc <= progress.complete_to_utc)
