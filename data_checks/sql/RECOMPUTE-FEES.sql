SELECT
    account_id AS subject,
    'venue ' || CAST(venue_fees_centicents AS VARCHAR) || ', recomputed '
        || CAST(recomputed_fees_centicents AS VARCHAR) || ' centicents' AS detail,
    file_sha256,
    line
FROM recompute.obligation_breaks
WHERE business_date = $business_date
    AND venue_fees_centicents <> recomputed_fees_centicents
