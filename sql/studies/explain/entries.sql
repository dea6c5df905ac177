-- grain: one row per entry of a position
-- meaning: the parts of the account's rebuilt position in each market: carried from the date before, traded, settled
WITH positions AS (
    SELECT
        business_date,
        'EOD' AS cycle,
        ticker,
        collateralisation,
        opening_qty,
        settled_qty
    FROM recompute.positions
    WHERE business_date = $day AND account_id = $account
    UNION ALL
    SELECT
        business_date,
        cycle,
        ticker,
        collateralisation,
        opening_qty,
        closing_qty - opening_qty - traded_qty AS settled_qty
    FROM recompute.cycle_positions
    WHERE business_date = $day AND account_id = $account
)
SELECT
    positions.ticker,
    1 AS part,
    'carried from ' || CAST(days.previous_business_date AS VARCHAR) AS words,
    positions.collateralisation,
    positions.opening_qty AS qty,
    NULL AS price_centicents,
    '' AS file_name,
    NULL AS line
FROM positions
JOIN recompute.days AS days ON days.business_date = positions.business_date
WHERE positions.cycle = $cycle AND positions.opening_qty <> 0
UNION ALL
SELECT
    sides.ticker,
    2 AS part,
    STRFTIME(sides.executed_utc, '%Y-%m-%d %H:%M:%S') || ' UTC, trade ' || sides.trade_id AS words,
    sides.collateralisation,
    sides.signed_qty AS qty,
    sides.price_centicents,
    files.name AS file_name,
    audit.line
FROM recompute.trade_sides AS sides
JOIN validate.trade_audit AS audit
    ON audit.business_date = sides.business_date
    AND audit.trade_id = sides.trade_id
    AND audit.account_id = sides.account_id
    AND audit.side = CASE WHEN sides.signed_qty > 0 THEN 'yes' ELSE 'no' END
LEFT JOIN land.files AS files
    ON files.business_date = audit.business_date
    AND files.file_sha256 = audit.file_sha256
LEFT JOIN recompute.cycles AS cycles
    ON cycles.business_date = sides.business_date
    AND cycles.cycle = $cycle
WHERE sides.business_date = $day
    AND sides.account_id = $account
    AND (cycles.cycle_utc IS NULL OR sides.executed_utc <= cycles.cycle_utc)
UNION ALL
SELECT
    positions.ticker,
    3 AS part,
    'settled' AS words,
    positions.collateralisation,
    positions.settled_qty AS qty,
    NULL AS price_centicents,
    '' AS file_name,
    NULL AS line
FROM positions
WHERE positions.cycle = $cycle AND positions.settled_qty <> 0
ORDER BY ticker, part, words, collateralisation
