-- grain: one row per market that the venue had told of by an intraday cycle
-- meaning: when each market resolves as far as was known at the cycle: by the last file as of it, else by that of an earlier date. A market that resolves early later on the date has not done so yet
WITH told AS (
    SELECT
        landed.ticker,
        COALESCE(landed.can_close_early = 'true', false) AS can_close_early,
        TRY_CAST(landed.close_time AS TIMESTAMPTZ) AT TIME ZONE 'UTC' AS close_utc,
        TRY_CAST(landed.expected_expiration_time AS TIMESTAMPTZ) AT TIME ZONE 'UTC'
            AS expected_expiration_utc,
        landed.business_date, files.sequence, landed.line
    FROM land.markets AS landed
    JOIN land.files AS files
        ON files.business_date = landed.business_date
        AND files.file_sha256 = landed.file_sha256
    WHERE landed.business_date = $business_date
        AND files.status = 'LANDED'
        AND files.as_of_utc <= $cycle_utc
    UNION ALL
    SELECT ticker, can_close_early, close_utc, expected_expiration_utc, business_date, 0, 0
    FROM validate.markets
    WHERE business_date < $business_date
),
ranked AS (
    SELECT *,
        row_number() OVER (PARTITION BY ticker ORDER BY business_date DESC, sequence DESC, line DESC)
            AS newest
    FROM told
)
SELECT ticker,
    CASE WHEN can_close_early
        THEN LEAST(close_utc, expected_expiration_utc)
        ELSE COALESCE(expected_expiration_utc, close_utc) END AS resolution_utc
FROM ranked
WHERE newest = 1
