WITH exclusive AS (
    SELECT DISTINCT event_ticker
    FROM validate.events
    WHERE business_date <= $business_date
        AND mutually_exclusive
),
outcome AS (
    SELECT
        markets.event_ticker,
        COUNT(*) AS markets,
        SUM(CASE WHEN markets.result = 'yes' THEN 1 ELSE 0 END) AS winners,
        SUM(CASE WHEN markets.expected_expiration_utc IS NULL
            OR markets.expected_expiration_utc >= CAST($business_date AS TIMESTAMP) + INTERVAL 1 DAY
            THEN 1 ELSE 0 END) AS running,
        SUM(CASE WHEN markets.result = 'void' OR markets.result = 'scalar' THEN 1 ELSE 0 END) AS others,
        MIN(markets.file_sha256) AS file_sha256,
        MIN(markets.line) AS line
    FROM validate.markets AS markets
    JOIN exclusive
        ON exclusive.event_ticker = markets.event_ticker
    WHERE markets.business_date = $business_date
        AND (markets.status = 'finalized' OR markets.status = 'closed' OR markets.status = 'active')
    GROUP BY markets.event_ticker
)
SELECT
    event_ticker AS subject,
    CAST(markets AS VARCHAR) || ' markets past their expiration, none YES' AS detail,
    file_sha256,
    line
FROM outcome
WHERE winners = 0
    AND running = 0
    AND others = 0
