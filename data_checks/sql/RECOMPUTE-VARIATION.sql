SELECT
    account_id AS subject,
    'venue ' || CAST(venue_variation_centicents AS VARCHAR) || ', recomputed '
        || CAST(recomputed_variation_centicents AS VARCHAR) || ' centicents' AS detail,
    file_sha256,
    line
FROM recompute.obligation_breaks
WHERE business_date = $business_date
    AND venue_variation_centicents <> recomputed_variation_centicents
    AND NOT explained_by_marks
