SELECT
    account_id AS subject,
    'venue ' || COALESCE(CAST(venue_initial_centicents AS VARCHAR), 'nothing') || ', recomputed '
        || CAST(recomputed_initial_centicents AS VARCHAR) || ' centicents of initial margin' AS detail,
    COALESCE(file_sha256, '') AS file_sha256,
    line
FROM recompute.margin_breaks AS found
LEFT JOIN (
    SELECT account_id AS sent_account_id, file_sha256, line
    FROM validate.margin_requirements
    WHERE business_date = $business_date
        AND cycle = 'EOD'
) AS sent
    ON sent.sent_account_id = found.account_id
WHERE business_date = $business_date
    AND status IN ('UNDER', 'OVER', 'MATCH') AND residual_centicents < 0
