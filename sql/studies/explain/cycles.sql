-- grain: one row per intraday cycle
-- meaning: the cycles of the date for which the venue has sent prices, in order
SELECT cycle
FROM recompute.cycles
WHERE business_date = $day
ORDER BY cycle
