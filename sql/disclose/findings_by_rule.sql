-- grain: one row per stage, rule and severity
-- meaning: number of findings on the business date and on the previous business date
-- owner: compliance
WITH findings AS (
    SELECT business_date, stage, rule_id, severity, finding_id FROM land.findings
    UNION ALL
    SELECT business_date, stage, rule_id, severity, finding_id FROM validate.findings
    UNION ALL
    SELECT business_date, stage, rule_id, severity, finding_id FROM recompute.findings
    UNION ALL
    SELECT business_date, stage, rule_id, severity, finding_id FROM stress.findings
),
previous AS (
    SELECT MAX(business_date) AS business_date
    FROM recompute.account_margin
    WHERE business_date < $business_date
),
counted AS (
    SELECT
        stage,
        rule_id,
        severity,
        COUNT(CASE WHEN business_date = $business_date THEN 1 END) AS findings,
        COUNT(CASE WHEN business_date <> $business_date THEN 1 END) AS previous_findings
    FROM findings
    WHERE business_date = $business_date
        OR business_date IN (SELECT business_date FROM previous)
    GROUP BY stage, rule_id, severity
)
SELECT
    CAST($business_date AS DATE) AS business_date,
    stage,
    rule_id,
    severity,
    findings,
    previous_findings
FROM counted
ORDER BY
    CASE severity WHEN 'ERROR' THEN 0 WHEN 'WARN' THEN 1 ELSE 2 END,
    findings DESC,
    stage,
    rule_id
