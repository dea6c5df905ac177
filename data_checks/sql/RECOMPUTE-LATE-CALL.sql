SELECT
    call_id AS subject,
    'account ' || account_id || ', due ' || CAST(due_utc AS VARCHAR) || ', '
        || COALESCE('met ' || CAST(met_utc AS VARCHAR), 'not met') || ' UTC'
        || CASE
            WHEN met_utc IS NOT NULL AND unmet_centicents > 0
                THEN ' but for ' || CAST(unmet_centicents AS VARCHAR) || ' centicents'
            ELSE ''
        END
        || ', state ' || state AS detail,
    file_sha256,
    line
FROM recompute.calls
WHERE business_date = $business_date
    AND late
    AND NOT (in_dispute AND unmet_centicents > 0)
