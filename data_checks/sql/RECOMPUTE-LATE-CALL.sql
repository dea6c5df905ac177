SELECT
    call_id AS subject,
    'account ' || account_id || ', due ' || CAST(due_utc AS VARCHAR) || ', met '
        || CAST(met_utc AS VARCHAR) || ' UTC, state ' || state AS detail,
    '' AS file_sha256,
    CAST(NULL AS BIGINT) AS line
FROM recompute.calls
WHERE business_date = $business_date
    AND late
