-- grain: one row per business date
-- meaning: the dates that were run, in order
SELECT business_date FROM recompute.days ORDER BY business_date
