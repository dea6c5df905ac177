-- grain: one row per intraday cycle
-- meaning: the intraday cycles of the date, in order
SELECT cycle, cycle_utc
FROM recompute.cycles
WHERE business_date = $business_date
ORDER BY cycle_utc
