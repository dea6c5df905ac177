SELECT
    call_id AS subject,
    'account ' || account_id || ', in dispute since ' || CAST(disputed_since AS VARCHAR) || ', '
        || CAST(days_in_dispute AS VARCHAR) || ' days, '
        || CASE WHEN dispute_stage = '' THEN 'without a stage' ELSE 'at stage ' || dispute_stage END AS detail,
    file_sha256,
    line
FROM recompute.call_ages
WHERE business_date = $business_date
    AND delivered
    AND in_dispute
    -- A number of our policy, not of a regulation.
    AND days_in_dispute > 5
