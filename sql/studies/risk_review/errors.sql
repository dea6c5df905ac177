-- grain: one row per business date, rule and subject
-- meaning: the ERROR findings, each of which may block tables
WITH findings AS (
    SELECT business_date, rule_id, subject, severity
    FROM land.findings
    WHERE business_date BETWEEN $first AND $last
    UNION ALL
    SELECT business_date, rule_id, subject, severity
    FROM validate.findings
    WHERE business_date BETWEEN $first AND $last
    UNION ALL
    SELECT business_date, rule_id, subject, severity
    FROM recompute.findings
    WHERE business_date BETWEEN $first AND $last
    UNION ALL
    SELECT business_date, rule_id, subject, severity
    FROM stress.findings
    WHERE business_date BETWEEN $first AND $last
)
SELECT DISTINCT business_date, rule_id, subject
FROM findings
WHERE severity = 'ERROR'
ORDER BY business_date, rule_id, subject
