-- grain: one row per date
-- meaning: dates recomputed after a date, in order; they carry its positions
SELECT business_date
FROM recompute.days
WHERE business_date > $business_date
ORDER BY business_date
