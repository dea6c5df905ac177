SELECT
    MAX(hours_late) AS "latest call, hours late",
    MAX(days_in_dispute) AS "oldest dispute, days",
    SUM(unmet_centicents) / 10000 AS "unmet, dollars"
FROM recompute.call_ages
WHERE business_date = $business_date
