SELECT
    account_id AS subject,
    'net ' || CAST(net_centicents AS VARCHAR) || ', sum '
        || CAST(variation_centicents + fees_centicents + margin_change_centicents AS VARCHAR) AS detail,
    file_sha256,
    line
FROM validate.obligations
WHERE business_date = $business_date
    AND net_centicents <> variation_centicents + fees_centicents + margin_change_centicents
