SELECT
    version AS subject,
    'first known on ' || CAST(business_date AS VARCHAR) || ' to be in force since '
        || CAST(effective_date AS VARCHAR) || '; approver ' || approver || ', reason ' || reason AS detail,
    file_sha256,
    line
FROM recompute.schedule_changes
WHERE business_date = $business_date
    AND effective_date < $business_date
    AND (
        (change = 'new version' AND parameter = '(version)')
        -- One that was to come, and is now said to have come already.
        OR (change = 'amended version' AND NOT after_effect AND parameter = '(effective date)')
    )
