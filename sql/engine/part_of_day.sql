-- grain: one row per date
-- meaning: whether the date was landed before its end-of-day data were there
SELECT part_of_day
FROM land.progress
WHERE business_date = $business_date
