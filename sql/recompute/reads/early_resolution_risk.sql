-- grain: one row per category
-- meaning: event-days at risk of an early resolution and early resolutions, up to the date
WITH at_risk AS (
    -- Two reads: today's rows are in memory, the others in the lake.
    SELECT category, event_days, resolved_events
    FROM recompute.early_resolution_risk
    WHERE business_date = $business_date
    UNION ALL
    SELECT category, event_days, resolved_events
    FROM recompute.early_resolution_risk
    WHERE business_date < $business_date
)
SELECT category, CAST(SUM(event_days) AS BIGINT), CAST(SUM(resolved_events) AS BIGINT)
FROM at_risk
GROUP BY category
ORDER BY category
