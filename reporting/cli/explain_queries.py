"""What ``reporting explain`` asks the lake, of an $account, a date ($day) and a $cycle.

The end of the day and the cycles within it stand in tables of their own; each query puts
them together and takes the one that is asked for.
"""

MARGIN = """
WITH breaks AS (
    SELECT 'EOD' AS cycle, *
    FROM recompute.margin_breaks
    WHERE business_date = $day
    UNION ALL BY NAME
    SELECT *
    FROM recompute.cycle_breaks
    WHERE business_date = $day
)
SELECT breaks.member_id, breaks.status, breaks.cause, breaks.venue_initial_centicents,
    breaks.recomputed_initial_centicents, breaks.difference_centicents,
    breaks.position_effect_centicents, breaks.mark_effect_centicents,
    breaks.netting_effect_centicents, breaks.parameter_effect_centicents,
    breaks.residual_centicents, breaks.venue_worst_case_centicents,
    breaks.recomputed_worst_case_centicents, breaks.venue_core_centicents,
    breaks.recomputed_core_centicents, breaks.venue_schedule_version, breaks.schedule_version,
    files.name, breaks.line
FROM breaks
LEFT JOIN land.files AS files
    ON files.business_date = breaks.business_date AND files.file_sha256 = breaks.file_sha256
WHERE breaks.cycle = $cycle AND breaks.account_id = $account
"""

FINDINGS = """
SELECT severity, rule_id, subject, detail
FROM recompute.findings
WHERE business_date = $day
    AND CASE
        WHEN $cycle = 'EOD' THEN subject = $account OR starts_with(subject, $account || '/')
        ELSE subject = $cycle || ' ' || $account
            OR starts_with(subject, $cycle || ' ' || $account || '/')
    END
ORDER BY ALL
"""

POSITIONS = """
WITH held AS (
    SELECT 'EOD' AS cycle, ticker, closing_qty
    FROM recompute.positions
    WHERE business_date = $day AND account_id = $account
    UNION ALL
    SELECT cycle, ticker, closing_qty
    FROM recompute.cycle_positions
    WHERE business_date = $day AND account_id = $account
),
ours AS (
    SELECT ticker, CAST(sum(closing_qty) AS BIGINT) AS qty
    FROM held
    WHERE cycle = $cycle
    GROUP BY ticker
),
marks AS (
    SELECT 'EOD' AS cycle, ticker, mark_centicents, venue_mark_centicents
    FROM recompute.marks
    WHERE business_date = $day
    UNION ALL
    SELECT cycle, ticker, mark_centicents, venue_mark_centicents
    FROM recompute.cycle_marks
    WHERE business_date = $day
),
theirs AS (
    SELECT snapshot.ticker, snapshot.long_qty - snapshot.short_qty AS qty, files.name,
        snapshot.line
    FROM validate.position_snapshot AS snapshot
    LEFT JOIN land.files AS files
        ON files.business_date = snapshot.business_date
        AND files.file_sha256 = snapshot.file_sha256
    WHERE snapshot.business_date = $day AND snapshot.account_id = $account
        AND snapshot.cycle = $cycle
),
compared AS (
    SELECT COALESCE(ours.ticker, theirs.ticker) AS ticker, COALESCE(ours.qty, 0) AS ours_qty,
        COALESCE(theirs.qty, 0) AS theirs_qty, theirs.name, theirs.line
    FROM ours
    FULL OUTER JOIN theirs ON theirs.ticker = ours.ticker
)
SELECT compared.ticker, compared.ours_qty, compared.theirs_qty,
    compared.theirs_qty - compared.ours_qty, marks.mark_centicents, marks.venue_mark_centicents,
    compared.name, compared.line
FROM compared
LEFT JOIN marks ON marks.cycle = $cycle AND marks.ticker = compared.ticker
ORDER BY compared.theirs_qty = compared.ours_qty,
    COALESCE(marks.venue_mark_centicents = marks.mark_centicents, TRUE), compared.ticker
"""

# What our quantity of each market is the sum of: carried, traded, settled.
BEHIND = """
WITH positions AS (
    SELECT business_date, 'EOD' AS cycle, account_id, ticker, collateralisation, opening_qty,
        settled_qty
    FROM recompute.positions
    WHERE business_date = $day AND account_id = $account
    UNION ALL
    SELECT business_date, cycle, account_id, ticker, collateralisation, opening_qty,
        closing_qty - opening_qty - traded_qty AS settled_qty
    FROM recompute.cycle_positions
    WHERE business_date = $day AND account_id = $account
)
SELECT positions.ticker, 1 AS part,
    'carried from ' || CAST(days.previous_business_date AS VARCHAR) AS words,
    positions.collateralisation, positions.opening_qty, NULL, '', NULL
FROM positions
JOIN recompute.days AS days ON days.business_date = positions.business_date
WHERE positions.cycle = $cycle AND positions.opening_qty <> 0
UNION ALL
SELECT sides.ticker, 2, strftime(sides.executed_utc, '%Y-%m-%d %H:%M:%S') || ' UTC, trade '
    || sides.trade_id, sides.collateralisation, sides.signed_qty, sides.price_centicents,
    files.name, audit.line
FROM recompute.trade_sides AS sides
JOIN validate.trade_audit AS audit
    ON audit.business_date = sides.business_date AND audit.trade_id = sides.trade_id
    AND audit.account_id = sides.account_id
    AND audit.side = CASE WHEN sides.signed_qty > 0 THEN 'yes' ELSE 'no' END
LEFT JOIN land.files AS files
    ON files.business_date = audit.business_date AND files.file_sha256 = audit.file_sha256
LEFT JOIN recompute.cycles AS cycles
    ON cycles.business_date = sides.business_date AND cycles.cycle = $cycle
WHERE sides.business_date = $day AND sides.account_id = $account
    AND (cycles.cycle_utc IS NULL OR sides.executed_utc <= cycles.cycle_utc)
UNION ALL
SELECT positions.ticker, 3, 'settled', positions.collateralisation, positions.settled_qty, NULL,
    '', NULL
FROM positions
WHERE positions.cycle = $cycle AND positions.settled_qty <> 0
ORDER BY ticker, part, words, collateralisation
"""
