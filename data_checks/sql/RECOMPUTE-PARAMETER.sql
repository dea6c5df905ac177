SELECT
    account_id AS subject,
    'venue ' || CAST(venue_initial_centicents AS VARCHAR) || ', recomputed '
        || CAST(recomputed_initial_centicents AS VARCHAR) || ' centicents of initial margin; as '
        || parameter_version || ', in force ' || schedule_version AS detail,
    file_sha256,
    line
FROM recompute.margin_breaks
WHERE business_date = $business_date
    AND parameter_version IS NOT NULL
