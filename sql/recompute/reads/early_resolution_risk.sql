-- grain: one row per category
-- meaning: event-days at risk of an early resolution and early resolutions, up to the date
SELECT category, CAST(SUM(event_days) AS BIGINT), CAST(SUM(resolved_events) AS BIGINT)
FROM recompute.early_resolution_risk
WHERE business_date <= $business_date
GROUP BY category
ORDER BY category
