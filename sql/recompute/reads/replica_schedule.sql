-- grain: one row, none without a version in force
-- meaning: the margin schedule in force; of a version that was sent more than once, the last counts
WITH sent AS (
    SELECT version, effective_date, parameters,
        row_number() OVER (PARTITION BY version ORDER BY business_date DESC) AS newest
    FROM validate.margin_schedule
    WHERE business_date <= $business_date
)
SELECT version, parameters
FROM sent
WHERE newest = 1 AND effective_date <= $business_date
ORDER BY effective_date DESC, version DESC
LIMIT 1
