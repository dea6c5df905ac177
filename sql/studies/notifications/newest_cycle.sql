-- grain: one row
-- meaning: the latest intraday cycle of the date that was computed, NULL if there is none
SELECT MAX(cycle) AS cycle
FROM recompute.cycles
WHERE business_date = $day
