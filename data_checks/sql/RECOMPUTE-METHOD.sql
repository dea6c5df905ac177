SELECT
    schedule_version AS subject,
    'the schedule names ' || named_method || ', but the charges of '
        || CAST(SUM(CASE WHEN followed_method NOT IN (named_method, 'none') THEN 1 ELSE 0 END) AS VARCHAR)
        || ' of ' || CAST(COUNT(*) AS VARCHAR) || ' accounts follow '
        || MAX(CASE WHEN followed_method NOT IN (named_method, 'none') THEN followed_method ELSE '' END)
        AS detail,
    '' AS file_sha256,
    CAST(NULL AS BIGINT) AS line
FROM recompute.method_margins
WHERE business_date = $business_date
GROUP BY schedule_version, named_method
HAVING 2 * SUM(CASE WHEN followed_method NOT IN (named_method, 'none') THEN 1 ELSE 0 END) > COUNT(*)
