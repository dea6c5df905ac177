SELECT
    override_id AS subject,
    figure || ' of ' || subject || ' was set to ' || new_value || ' by ' || requester || ', reason "' || reason || '"' AS detail,
    file_sha256,
    line
FROM recompute.override_register
WHERE business_date = $business_date
    -- A text without a letter says nothing.
    AND NOT REGEXP_MATCHES(reason, '\p{L}')
