SELECT
    member_id AS subject,
    'deposited ' || CAST(deposited_centicents AS VARCHAR) || ', required '
        || CAST(required_centicents AS VARCHAR) || ' centicents, policy minimum '
        || CAST(least_share_bps AS VARCHAR) || ' bps of it' AS detail,
    '' AS file_sha256,
    CAST(NULL AS BIGINT) AS line
FROM stress.fund_sizing
WHERE business_date = $business_date
    AND CAST(deposited_centicents AS HUGEINT) * 10000
        < CAST(required_centicents AS HUGEINT) * least_share_bps
