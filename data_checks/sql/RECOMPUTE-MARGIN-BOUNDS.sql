SELECT
    account_id AS subject,
    'initial ' || CAST(initial_margin_centicents AS VARCHAR) || ', worst case '
        || CAST(worst_case_centicents AS VARCHAR) || ' centicents' AS detail,
    '' AS file_sha256,
    CAST(NULL AS BIGINT) AS line
FROM recompute.account_margin
WHERE business_date = $business_date
    AND (initial_margin_centicents < 0 OR initial_margin_centicents > worst_case_centicents)
