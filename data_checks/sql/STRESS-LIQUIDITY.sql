SELECT
    currency || ', ' || CAST(failing_payers AS VARCHAR) || ' failing' AS subject,
    'minimum remaining ' || CAST(least_left_centicents AS VARCHAR) || ' centicents, '
        || CAST(hours_survived AS VARCHAR) || ' of ' || CAST(hours AS VARCHAR)
        || ' hours survived, groups ' || affiliate_groups || ', scenario ' || scenario_id AS detail,
    '' AS file_sha256,
    CAST(NULL AS BIGINT) AS line
FROM stress.liquidity
WHERE business_date = $business_date
    AND NOT covered
