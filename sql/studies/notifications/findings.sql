-- grain: one row per finding
-- meaning: the findings of the date, all stages, in order of rule and subject
WITH findings AS (
    SELECT rule_id, severity, owner, subject, detail
    FROM land.findings
    WHERE business_date = $day
    UNION ALL
    SELECT rule_id, severity, owner, subject, detail
    FROM validate.findings
    WHERE business_date = $day
    UNION ALL
    SELECT rule_id, severity, owner, subject, detail
    FROM recompute.findings
    WHERE business_date = $day
    UNION ALL
    SELECT rule_id, severity, owner, subject, detail
    FROM stress.findings
    WHERE business_date = $day
    UNION ALL
    SELECT rule_id, severity, owner, subject, detail
    FROM disclose.findings
    WHERE business_date = $day
)
SELECT rule_id, severity, owner, subject, detail
FROM findings
ORDER BY rule_id, subject, detail
