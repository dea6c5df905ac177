-- grain: one row per stage, rule and severity
-- meaning: number of findings on the business date and on the previous business date, as disclosed for that date
-- owner: compliance
-- column business_date DATE: business date
-- column stage VARCHAR: stage that found it
-- column rule_id VARCHAR: rule
-- column severity VARCHAR: ERROR, WARN or INFO
-- column findings BIGINT: number of findings
-- column previous_findings BIGINT: their number on the previous business date
WITH findings AS (
    SELECT stage, rule_id, severity FROM land.findings WHERE business_date = $business_date
    UNION ALL
    SELECT stage, rule_id, severity FROM validate.findings WHERE business_date = $business_date
    UNION ALL
    SELECT stage, rule_id, severity FROM recompute.findings WHERE business_date = $business_date
    UNION ALL
    SELECT stage, rule_id, severity FROM stress.findings WHERE business_date = $business_date
),
today AS (
    SELECT stage, rule_id, severity, COUNT(*) AS findings
    FROM findings
    GROUP BY stage, rule_id, severity
),
former AS (
    SELECT counted.stage, counted.rule_id, counted.severity, counted.findings
    FROM disclose.findings_by_rule AS counted
    JOIN recompute.days AS days ON days.previous_business_date = counted.business_date
    WHERE days.business_date = $business_date
        AND counted.findings > 0
),
either_date AS (
    SELECT
        COALESCE(today.stage, former.stage) AS stage,
        COALESCE(today.rule_id, former.rule_id) AS rule_id,
        COALESCE(today.severity, former.severity) AS severity,
        COALESCE(today.findings, 0) AS findings,
        COALESCE(former.findings, 0) AS previous_findings
    FROM today
    FULL OUTER JOIN former
        ON former.stage = today.stage
        AND former.rule_id = today.rule_id
        AND former.severity = today.severity
)
SELECT
    CAST($business_date AS DATE) AS business_date,
    stage,
    rule_id,
    severity,
    findings,
    previous_findings
FROM either_date
ORDER BY
    CASE severity WHEN 'ERROR' THEN 0 WHEN 'WARN' THEN 1 ELSE 2 END,
    findings DESC,
    stage,
    rule_id
