SELECT
    call_id AS subject,
    'account ' || account_id || ', due ' || CAST(due_utc AS VARCHAR) || ', '
        || COALESCE('met ' || CAST(met_utc AS VARCHAR), 'not met') || ' UTC, state ' || state AS detail,
    COALESCE(file_sha256, '') AS file_sha256,
    line
FROM recompute.calls AS found
LEFT JOIN (
    SELECT call_id AS sent_call_id, file_sha256, line
    FROM validate.margin_calls
    WHERE business_date = $business_date
) AS sent
    ON sent.sent_call_id = found.call_id
WHERE business_date = $business_date
    AND late
