-- grain: one row, none without a previous date
-- meaning: the previous date, and the time of the latest intraday cycle of any earlier date
SELECT days.previous_business_date,
    (SELECT MAX(cycle_utc) FROM recompute.cycles WHERE business_date < $business_date)
FROM recompute.days AS days
WHERE days.business_date = $business_date AND days.previous_business_date IS NOT NULL
