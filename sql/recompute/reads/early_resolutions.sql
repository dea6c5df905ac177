-- grain: one row per event that resolved early, up to the date
-- meaning: what losing margined books lost, and their worst cases
SELECT category, lost_micros, worst_case_micros
FROM recompute.early_resolutions
WHERE business_date <= $business_date
ORDER BY category, event_ticker
