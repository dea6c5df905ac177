-- grain: one row per event and date with an observation, of ten years up to the date
-- meaning: observations of volatility by category and event, in order of category, event and date
WITH observed AS (
    -- Two reads: today's rows are in memory, the others in the lake.
    SELECT business_date, category, event_ticker, observation_e12
    FROM recompute.volatility_observations
    WHERE business_date = $business_date
    UNION ALL
    SELECT business_date, category, event_ticker, observation_e12
    FROM recompute.volatility_observations
    WHERE business_date < $business_date
        AND business_date > CAST($business_date AS DATE) - INTERVAL 10 YEAR
)
SELECT category, event_ticker, observation_e12
FROM observed
ORDER BY category, event_ticker, business_date
