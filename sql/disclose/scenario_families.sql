-- grain: one row per family and version of stress scenarios
-- meaning: the scenario library on the business date
-- owner: risk
SELECT
    CAST($business_date AS DATE) AS business_date,
    family,
    version,
    MIN(owner) AS owner,
    COUNT(*) AS scenarios,
    COUNT(DISTINCT event_ticker) AS events
FROM stress.scenarios
WHERE business_date = $business_date
GROUP BY family, version
ORDER BY LENGTH(family), family, version
