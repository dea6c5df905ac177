-- grain: one row per date
-- meaning: dates that were recomputed with their end-of-day data
SELECT days.business_date
FROM recompute.days AS days
LEFT JOIN land.progress AS progress ON progress.business_date = days.business_date
WHERE progress.part_of_day IS DISTINCT FROM TRUE
