-- grain: one row per version
-- meaning: all versions of the margin schedule known on the date; of a version that was sent more than once, the last counts
SELECT version, effective_date, approver, reason, parameters
FROM (
    SELECT *, row_number() OVER (PARTITION BY version ORDER BY business_date DESC) AS newest
    FROM validate.margin_schedule
    WHERE business_date <= $business_date
)
WHERE newest = 1
ORDER BY effective_date, version
