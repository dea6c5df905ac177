-- grain: one row per market that either side holds
-- meaning: the account's position in each market, rebuilt and by the venue's snapshot, with both marks; first the positions that differ, then those whose marks differ
WITH held AS (
    SELECT 'EOD' AS cycle, ticker, closing_qty
    FROM recompute.positions
    WHERE business_date = $day AND account_id = $account
    UNION ALL
    SELECT cycle, ticker, closing_qty
    FROM recompute.cycle_positions
    WHERE business_date = $day AND account_id = $account
),
rebuilt AS (
    SELECT ticker, CAST(SUM(closing_qty) AS BIGINT) AS qty
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
venue AS (
    SELECT
        snapshot.ticker,
        snapshot.long_qty - snapshot.short_qty AS qty,
        files.name AS file_name,
        snapshot.line
    FROM validate.position_snapshot AS snapshot
    LEFT JOIN land.files AS files
        ON files.business_date = snapshot.business_date
        AND files.file_sha256 = snapshot.file_sha256
    WHERE snapshot.business_date = $day
        AND snapshot.account_id = $account
        AND snapshot.cycle = $cycle
),
compared AS (
    SELECT
        COALESCE(rebuilt.ticker, venue.ticker) AS ticker,
        COALESCE(rebuilt.qty, 0) AS rebuilt_qty,
        COALESCE(venue.qty, 0) AS venue_qty,
        venue.file_name,
        venue.line
    FROM rebuilt
    FULL OUTER JOIN venue ON venue.ticker = rebuilt.ticker
)
SELECT
    compared.ticker,
    compared.rebuilt_qty,
    compared.venue_qty,
    compared.venue_qty - compared.rebuilt_qty AS difference_qty,
    marks.mark_centicents,
    marks.venue_mark_centicents,
    compared.file_name,
    compared.line
FROM compared
LEFT JOIN marks ON marks.cycle = $cycle AND marks.ticker = compared.ticker
ORDER BY
    compared.venue_qty = compared.rebuilt_qty,
    COALESCE(marks.venue_mark_centicents = marks.mark_centicents, TRUE),
    compared.ticker
