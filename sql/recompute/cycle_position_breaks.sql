-- grain: one row per intraday cycle, account and market whose rebuilt position differs from the venue's
-- meaning: position breaks of the cycles of which the venue has sent positions; both kinds of collateralisation together, as the venue reports them; with file and line of the venue's row, empty where it has none
-- owner: risk
-- only with: recompute.cycles
WITH theirs AS (
    SELECT
        cycle,
        account_id,
        ticker,
        long_qty - short_qty AS venue_qty,
        file_sha256,
        line
    FROM validate.position_snapshot
    WHERE business_date = $business_date
),
ours AS (
    SELECT
        cycle,
        account_id,
        ticker,
        CAST(SUM(closing_qty) AS BIGINT) AS recomputed_qty
    FROM recompute.cycle_positions
    WHERE business_date = $business_date
        AND cycle IN (SELECT cycle FROM theirs)
    GROUP BY cycle, account_id, ticker
),
compared AS (
    SELECT
        COALESCE(ours.cycle, theirs.cycle) AS cycle,
        COALESCE(ours.account_id, theirs.account_id) AS account_id,
        COALESCE(ours.ticker, theirs.ticker) AS ticker,
        COALESCE(ours.recomputed_qty, 0) AS recomputed_qty,
        COALESCE(theirs.venue_qty, 0) AS venue_qty,
        COALESCE(theirs.file_sha256, '') AS file_sha256,
        theirs.line
    FROM ours
    FULL OUTER JOIN theirs
        ON theirs.cycle = ours.cycle
        AND theirs.account_id = ours.account_id
        AND theirs.ticker = ours.ticker
)
SELECT
    CAST($business_date AS DATE) AS business_date,
    compared.cycle,
    compared.account_id,
    compared.ticker,
    compared.recomputed_qty,
    compared.venue_qty,
    compared.venue_qty - compared.recomputed_qty AS difference_qty,
    compared.file_sha256,
    compared.line
FROM compared
-- The end of the day is in position_breaks.
JOIN recompute.cycles AS cycles
    ON cycles.cycle = compared.cycle
    AND cycles.business_date = $business_date
WHERE compared.recomputed_qty <> compared.venue_qty
