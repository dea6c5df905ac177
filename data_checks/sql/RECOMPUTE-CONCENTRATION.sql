SELECT
    subject,
    words || '; ' || CAST(amount_centicents AS VARCHAR) || ' centicents, threshold '
        || CAST(threshold_centicents AS VARCHAR) AS detail,
    file_sha256,
    line
FROM recompute.exposures
WHERE business_date = $business_date
    AND kind = 'CONCENTRATION'
