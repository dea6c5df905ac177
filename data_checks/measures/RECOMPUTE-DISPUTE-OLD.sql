-- value: age of the oldest dispute over a delivered call, days
-- bound: dispute_days of data_checks/thresholds.yaml, days
-- must be: at most
SELECT
    COALESCE(ages.days_in_dispute, 0) AS value,
    thresholds.dispute_days AS bound,
    COALESCE(ages.call_id, 'no call') AS subject
FROM recompute.thresholds AS thresholds
LEFT JOIN recompute.call_ages AS ages
    ON ages.business_date = thresholds.business_date
    AND ages.delivered
    AND ages.in_dispute
WHERE thresholds.business_date = $business_date
ORDER BY 1 DESC, 3
LIMIT 1
