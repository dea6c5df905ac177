SELECT
    account_id AS subject,
    'venue ' || CAST(venue_initial_centicents AS VARCHAR) || ', recomputed '
        || CAST(recomputed_initial_centicents AS VARCHAR) || ' centicents of initial margin; worst case '
        || CAST(venue_worst_case_centicents AS VARCHAR) || ' against '
        || CAST(recomputed_worst_case_centicents AS VARCHAR) AS detail,
    file_sha256,
    line
FROM recompute.margin_breaks
WHERE business_date = $business_date
    AND contract_by_contract
