-- grain: one row per market and date
-- meaning: marks of the closes between, at which contracts of shorter liquidation periods are closed out
SELECT ticker, business_date, mark_centicents
FROM recompute.marks
WHERE business_date >= $first AND business_date <= $last AND list_contains($dates, business_date)
