-- grain: one row per event and state
-- meaning: state probabilities of some events, in order of state
SELECT event_ticker, probability
FROM recompute.state_probabilities
WHERE business_date = $business_date AND list_contains($events, event_ticker)
ORDER BY event_ticker, state_index
