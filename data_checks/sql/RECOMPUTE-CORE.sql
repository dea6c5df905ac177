SELECT
    account_id AS subject,
    'venue ' || CAST(venue_core_centicents AS VARCHAR) || ', recomputed '
        || CAST(recomputed_core_centicents AS VARCHAR) || ' centicents of core margin, unexplained '
        || CAST(core_residual_centicents AS VARCHAR) || '; initial margin '
        || CAST(venue_initial_centicents AS VARCHAR) || ' against '
        || CAST(recomputed_initial_centicents AS VARCHAR) AS detail,
    file_sha256,
    line
FROM recompute.margin_breaks
WHERE business_date = $business_date
    AND core_unexplained
