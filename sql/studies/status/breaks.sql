-- grain: one row per status and cause
-- meaning: the number of accounts of the date whose margin was compared
SELECT status, cause, COUNT(*) AS accounts
FROM recompute.margin_breaks
WHERE business_date = $day
GROUP BY status, cause
ORDER BY status, cause
