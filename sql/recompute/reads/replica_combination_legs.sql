-- grain: one row per event
-- meaning: the latest known legs of some combinations, as the feed writes them
SELECT event_ticker, max_by(mve_selected_legs, business_date)
FROM validate.markets
WHERE business_date <= $business_date AND list_contains($events, event_ticker)
GROUP BY event_ticker
