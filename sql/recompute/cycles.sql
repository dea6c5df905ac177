-- grain: one row per intraday cycle of which the venue has sent prices
-- meaning: the intraday cycles of the date with their time; a cycle is named by its New York time
-- owner: risk
WITH sent AS (
    SELECT
        cycle,
        COUNT(*) AS prices
    FROM validate.market_price_snapshot
    WHERE business_date = $business_date
        AND cycle <> 'EOD'
    GROUP BY cycle
)
SELECT
    CAST($business_date AS DATE) AS business_date,
    cycle,
    CAST(timezone('UTC', timezone(
        'America/New_York',
        CAST(CAST(CAST($business_date AS DATE) AS VARCHAR) || ' ' || cycle || ':00' AS TIMESTAMP)
    )) AS TIMESTAMP) AS cycle_utc,
    prices
FROM sent
