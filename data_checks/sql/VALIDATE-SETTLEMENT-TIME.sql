-- An amendment may come after the latest resolution. The venue moves the close of a market that
-- closes early.
WITH known AS (
    SELECT
        ticker,
        close_utc,
        expiration_utc,
        can_close_early,
        ROW_NUMBER() OVER (PARTITION BY ticker ORDER BY business_date DESC) AS newest
    FROM validate.markets
    WHERE business_date <= $business_date
)
SELECT
    settled.ticker AS subject,
    'settled at ' || CAST(settled.settled_utc AS VARCHAR)
        || CASE WHEN settled.settled_utc < known.close_utc
            THEN ', before the close at ' || CAST(known.close_utc AS VARCHAR)
            ELSE ', after the latest resolution at ' || CAST(known.expiration_utc AS VARCHAR) END AS detail,
    settled.file_sha256,
    settled.line
FROM validate.settlement_periods AS settled
JOIN known
    ON known.ticker = settled.ticker
    AND known.newest = 1
WHERE settled.business_date = $business_date
    AND (
        (settled.settled_utc < known.close_utc AND NOT known.can_close_early)
        OR (settled.settled_utc > known.expiration_utc AND settled.revision = 0)
    )
