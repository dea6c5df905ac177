-- grain: one row per finding, at most 20 per rule
-- meaning: text of each finding, with its source file and line where there are any
-- owner: compliance
WITH findings AS (
    SELECT business_date, finding_id, rule_id, severity, stage, subject, detail, file_sha256, line, state, owner
    FROM land.findings
    WHERE business_date = $business_date
    UNION ALL
    SELECT business_date, finding_id, rule_id, severity, stage, subject, detail, file_sha256, line, state, owner
    FROM validate.findings
    WHERE business_date = $business_date
    UNION ALL
    SELECT business_date, finding_id, rule_id, severity, stage, subject, detail, file_sha256, line, state, owner
    FROM recompute.findings
    WHERE business_date = $business_date
    UNION ALL
    SELECT business_date, finding_id, rule_id, severity, stage, subject, detail, file_sha256, line, state, owner
    FROM stress.findings
    WHERE business_date = $business_date
),
file_names AS (
    SELECT file_sha256, MIN(name) AS file_name
    FROM land.files
    WHERE business_date = $business_date
    GROUP BY file_sha256
),
ranked AS (
    SELECT
        findings.business_date,
        findings.finding_id,
        findings.rule_id,
        findings.severity,
        findings.stage,
        findings.subject,
        findings.detail,
        findings.file_sha256,
        file_names.file_name,
        findings.line,
        findings.state,
        findings.owner,
        ROW_NUMBER() OVER (
            PARTITION BY findings.rule_id ORDER BY findings.subject, findings.line, findings.finding_id
        ) AS rank_in_rule
    FROM findings
    LEFT JOIN file_names ON file_names.file_sha256 = findings.file_sha256
)
SELECT
    business_date,
    severity,
    rule_id,
    rank_in_rule,
    finding_id,
    stage,
    subject,
    detail,
    file_name,
    file_sha256,
    line,
    state,
    owner
FROM ranked
WHERE rank_in_rule <= 20
ORDER BY
    CASE severity WHEN 'ERROR' THEN 0 WHEN 'WARN' THEN 1 ELSE 2 END,
    rule_id,
    rank_in_rule
