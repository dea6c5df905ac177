SELECT
    override_id AS subject,
    figure || ' of ' || subject || ' was set to ' || new_value || ' by ' || requester || ', approved by "' || approver || '"' AS detail,
    file_sha256,
    line
FROM recompute.override_register
WHERE business_date = $business_date
    -- A text without a letter names nobody.
    AND (NOT REGEXP_MATCHES(approver, '\p{L}') OR LOWER(TRIM(approver)) = LOWER(TRIM(requester)))
