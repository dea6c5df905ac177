-- grain: one row per rule, severity and business date
-- meaning: the number of findings
WITH findings AS (
    SELECT rule_id, severity, business_date
    FROM land.findings
    WHERE business_date BETWEEN $first AND $last
    UNION ALL
    SELECT rule_id, severity, business_date
    FROM validate.findings
    WHERE business_date BETWEEN $first AND $last
    UNION ALL
    SELECT rule_id, severity, business_date
    FROM recompute.findings
    WHERE business_date BETWEEN $first AND $last
    UNION ALL
    SELECT rule_id, severity, business_date
    FROM stress.findings
    WHERE business_date BETWEEN $first AND $last
)
SELECT rule_id, severity, business_date, COUNT(*) AS findings
FROM findings
GROUP BY rule_id, severity, business_date
ORDER BY rule_id, severity, business_date
