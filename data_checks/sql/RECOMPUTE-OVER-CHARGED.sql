SELECT
    account_id AS subject,
    'venue ' || CAST(venue_initial_centicents AS VARCHAR) || ', recomputed '
        || CAST(recomputed_initial_centicents AS VARCHAR) || ' centicents of initial margin' AS detail,
    file_sha256,
    line
FROM recompute.margin_breaks
WHERE business_date = $business_date
    AND initial_unexplained
    AND residual_centicents > 0
