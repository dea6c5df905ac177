-- grain: one row per margin method that the schedule allows
-- meaning: initial margin of all accounts by each method, and the accounts whose charge by the venue follows it
-- owner: risk
WITH methods AS (
    SELECT 'ECM-2' AS method, ecm2_initial_centicents AS initial_centicents, named_method, followed_method
    FROM recompute.method_margins
    WHERE business_date = $business_date
    UNION ALL
    SELECT 'side_table', side_table_initial_centicents, named_method, followed_method
    FROM recompute.method_margins
    WHERE business_date = $business_date
    UNION ALL
    SELECT 'full_collateral', full_collateral_initial_centicents, named_method, followed_method
    FROM recompute.method_margins
    WHERE business_date = $business_date
)
SELECT
    CAST($business_date AS DATE) AS business_date,
    method,
    COUNT(*) AS accounts,
    CAST(SUM(initial_centicents) AS BIGINT) AS initial_margin_centicents,
    SUM(CASE WHEN followed_method = method THEN 1 ELSE 0 END) AS accounts_following,
    MAX(named_method) = method AS named
FROM methods
WHERE initial_centicents IS NOT NULL
GROUP BY method
ORDER BY method
