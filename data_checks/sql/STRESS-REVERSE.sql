SELECT
    CASE
        WHEN proven THEN CAST(resolutions AS VARCHAR) || ' resolutions'
        ELSE 'not proven'
    END AS subject,
    'at least ' || CAST(at_least AS VARCHAR) || ' simultaneous resolutions exhaust prefunded resources, smallest set found '
        || COALESCE(CAST(resolutions AS VARCHAR), 'none') || ', policy minimum above '
        || CAST(least_resolutions AS VARCHAR) AS detail,
    '' AS file_sha256,
    CAST(NULL AS BIGINT) AS line
FROM stress.reverse
WHERE business_date = $business_date
    AND at_least <= least_resolutions
    AND (resolutions IS NOT NULL OR NOT proven)
