-- grain: one row per severity and rule
-- meaning: the number of findings of the date, all stages
WITH findings AS (
    SELECT severity, rule_id
    FROM land.findings
    WHERE business_date = $day
    UNION ALL
    SELECT severity, rule_id
    FROM validate.findings
    WHERE business_date = $day
    UNION ALL
    SELECT severity, rule_id
    FROM recompute.findings
    WHERE business_date = $day
    UNION ALL
    SELECT severity, rule_id
    FROM stress.findings
    WHERE business_date = $day
    UNION ALL
    SELECT severity, rule_id
    FROM disclose.findings
    WHERE business_date = $day
)
SELECT severity, rule_id, COUNT(*) AS findings
FROM findings
GROUP BY severity, rule_id
ORDER BY rule_id
