SELECT
    currency AS subject,
    'liquid resources ' || CAST(first_resources_centicents AS VARCHAR) || ', average of members'' average daily settlement pays '
        || CAST(floor_centicents AS VARCHAR) || ' centicents over ' || CAST(floor_days AS VARCHAR)
        || ' dates' AS detail,
    '' AS file_sha256,
    CAST(NULL AS BIGINT) AS line
FROM stress.liquidity
WHERE business_date = $business_date
    AND failing_payers = 1
    AND first_resources_centicents < floor_centicents
