-- grain: one row per margin call
-- meaning: the margin calls of the date with their state, the unmet amount and the hours late
SELECT call_id, account_id, state, amount_centicents, unmet_centicents, late, hours_late
FROM recompute.call_ages
WHERE business_date = $business_date
ORDER BY call_id
