-- grain: one row, the margin schedule in force on the business date
-- meaning: version, approver, reason and parameters of the schedule behind every margin figure
-- owner: risk
WITH ranked AS (
    SELECT
        version,
        effective_date,
        approver,
        reason,
        parameters,
        ROW_NUMBER() OVER (ORDER BY effective_date DESC, version DESC) AS age_rank
    FROM validate.margin_schedule
    WHERE business_date = $business_date
        AND effective_date <= $business_date
)
SELECT
    CAST($business_date AS DATE) AS business_date,
    version,
    effective_date,
    approver,
    reason,
    parameters
FROM ranked
WHERE age_rank = 1
ORDER BY version
