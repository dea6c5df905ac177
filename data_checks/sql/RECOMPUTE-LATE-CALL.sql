SELECT
    call_id AS subject,
    'account ' || account_id || ', due ' || CAST(due_utc AS VARCHAR) || ', '
        || COALESCE('met ' || CAST(met_utc AS VARCHAR), 'not met') || ' UTC, state ' || state AS detail,
    file_sha256,
    line
FROM recompute.calls
WHERE business_date = $business_date
    AND late
