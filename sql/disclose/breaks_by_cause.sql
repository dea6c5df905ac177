-- grain: one row per cause and clearing member with a break
-- meaning: breaks of initial margin by cause, with the sum of differences and of absolute differences
-- owner: risk
SELECT
    CAST($business_date AS DATE) AS business_date,
    cause,
    member_id,
    COUNT(*) AS accounts,
    CAST(SUM(COALESCE(venue_initial_centicents, 0)
        - COALESCE(recomputed_initial_centicents, 0)) AS BIGINT) AS difference_centicents,
    CAST(SUM(ABS(COALESCE(venue_initial_centicents, 0)
        - COALESCE(recomputed_initial_centicents, 0))) AS BIGINT) AS absolute_difference_centicents
FROM recompute.margin_breaks
WHERE business_date = $business_date
    AND status <> 'MATCH'
GROUP BY cause, member_id
ORDER BY cause, member_id
