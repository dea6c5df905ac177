SELECT
    version AS subject,
    CASE WHEN REGEXP_MATCHES(approver, '\p{L}') THEN 'no reason' ELSE 'no approver' END
        || ': approver "' || approver || '", reason "' || reason || '"' AS detail,
    file_sha256,
    line
FROM validate.margin_schedule
WHERE business_date = $business_date
    -- A text without a letter names nobody and says nothing; an empty one does not get here.
    AND NOT (REGEXP_MATCHES(approver, '\p{L}') AND REGEXP_MATCHES(reason, '\p{L}'))
