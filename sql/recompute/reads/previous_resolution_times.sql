-- grain: one row per event
-- meaning: seconds to each event's resolution at the end of the previous date
SELECT parameters.event_ticker, MIN(parameters.tau_seconds)
FROM recompute.event_parameters AS parameters
JOIN recompute.days AS days ON days.previous_business_date = parameters.business_date
WHERE days.business_date = $business_date
GROUP BY parameters.event_ticker
