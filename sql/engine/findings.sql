-- grain: one row per finding of a stage and date
-- meaning: findings as gathered, equal ones once; the id names the finding and not the moment, so
-- that a finding of a second run has the id of the first
SELECT DISTINCT
    substr(sha256(concat_ws('|', rule_id, subject, detail, file_sha256, line)), 1, 16)
        AS finding_id,
    rule_id, severity, $stage AS stage, subject, detail, file_sha256, line, state, owner
FROM gathered
