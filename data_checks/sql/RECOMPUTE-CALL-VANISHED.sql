SELECT
    call_id AS subject,
    'account ' || account_id || ', last delivered for ' || CAST(last_seen AS VARCHAR) || ' in state ' || state
        || ', ' || CAST(unmet_centicents AS VARCHAR) || ' of ' || CAST(amount_centicents AS VARCHAR)
        || ' centicents not met' || CASE WHEN in_dispute THEN ', in dispute' ELSE '' END AS detail,
    file_sha256,
    line
FROM recompute.call_ages
WHERE business_date = $business_date
    AND NOT delivered
