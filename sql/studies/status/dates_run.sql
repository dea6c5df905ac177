-- grain: one row per business date
-- meaning: the dates that the lake has recomputed, in order
SELECT business_date
FROM recompute.days
ORDER BY business_date
