SELECT
    version AS subject,
    'in force since ' || CAST(old_effective_date AS VARCHAR) || ', delivered again with '
        || STRING_AGG(
            parameter || ' ' || COALESCE(old_value, 'none') || ' -> ' || COALESCE(new_value, 'none'),
            ', ' ORDER BY parameter
        )
        || '; approver ' || approver || ', reason ' || reason AS detail,
    file_sha256,
    line
FROM recompute.schedule_changes
WHERE business_date = $business_date
    AND after_effect
GROUP BY version, old_effective_date, approver, reason, file_sha256, line
