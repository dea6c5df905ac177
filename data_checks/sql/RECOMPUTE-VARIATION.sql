SELECT
    account_id AS subject,
    'venue ' || CAST(venue_variation_centicents AS VARCHAR) || ', recomputed '
        || CAST(recomputed_variation_centicents AS VARCHAR) || ' centicents' AS detail,
    COALESCE(file_sha256, '') AS file_sha256,
    line
FROM recompute.obligation_breaks AS found
LEFT JOIN (
    SELECT account_id AS sent_account_id, file_sha256, line
    FROM validate.obligations
    WHERE business_date = $business_date
        AND cycle = 'EOD'
) AS sent
    ON sent.sent_account_id = found.account_id
WHERE business_date = $business_date
    AND venue_variation_centicents <> recomputed_variation_centicents
    AND NOT explained_by_marks
