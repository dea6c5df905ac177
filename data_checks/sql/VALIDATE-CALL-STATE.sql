SELECT
    call_id AS subject,
    'state ' || state || ', ' || CAST(met_centicents AS VARCHAR) || ' of ' || CAST(amount_centicents AS VARCHAR)
        || ' centicents met ' || COALESCE('at ' || CAST(met_utc AS VARCHAR) || ' UTC', 'with no time stated') AS detail,
    file_sha256,
    line
FROM validate.margin_calls
WHERE business_date = $business_date
    AND (
        (state = 'met' AND met_centicents < amount_centicents)
        OR (met_centicents > 0 AND met_utc IS NULL)
        OR amount_centicents < 0
        OR met_centicents < 0
    )
