-- grain: one row per date
-- meaning: the business dates before the date as one text, latest first
SELECT earlier_business_dates
FROM recompute.days
WHERE business_date = $business_date
