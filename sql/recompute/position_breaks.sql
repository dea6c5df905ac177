-- grain: one row per account and market whose rebuilt position differs from the venue's
-- meaning: position breaks of the end-of-day cycle; both kinds of collateralisation together, as the venue reports them; with file and line of the venue's row, empty where it has none
-- owner: risk
WITH ours AS (
    SELECT
        account_id,
        ticker,
        CAST(SUM(closing_qty) AS BIGINT) AS recomputed_qty
    FROM recompute.positions
    WHERE business_date = $business_date
    GROUP BY account_id, ticker
),
theirs AS (
    SELECT
        account_id,
        ticker,
        long_qty - short_qty AS venue_qty,
        file_sha256,
        line
    FROM validate.position_snapshot
    WHERE business_date = $business_date
        AND cycle = 'EOD'
),
compared AS (
    SELECT
        COALESCE(ours.account_id, theirs.account_id) AS account_id,
        COALESCE(ours.ticker, theirs.ticker) AS ticker,
        COALESCE(ours.recomputed_qty, 0) AS recomputed_qty,
        COALESCE(theirs.venue_qty, 0) AS venue_qty,
        COALESCE(theirs.file_sha256, '') AS file_sha256,
        theirs.line
    FROM ours
    FULL OUTER JOIN theirs
        ON theirs.account_id = ours.account_id
        AND theirs.ticker = ours.ticker
)
SELECT
    CAST($business_date AS DATE) AS business_date,
    account_id,
    ticker,
    recomputed_qty,
    venue_qty,
    venue_qty - recomputed_qty AS difference_qty,
    file_sha256,
    line
FROM compared
WHERE recomputed_qty <> venue_qty
