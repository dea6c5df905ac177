-- grain: one row per status of the comparison with the venue
-- meaning: number of accounts that match, and the difference of the others
-- owner: risk
SELECT
    CAST($business_date AS DATE) AS business_date,
    status,
    COUNT(*) AS accounts,
    CAST(SUM(COALESCE(venue_initial_centicents, 0)) AS BIGINT) AS venue_initial_centicents,
    CAST(SUM(COALESCE(recomputed_initial_centicents, 0)) AS BIGINT) AS recomputed_initial_centicents,
    CAST(SUM(COALESCE(venue_initial_centicents, 0)
        - COALESCE(recomputed_initial_centicents, 0)) AS BIGINT) AS difference_centicents
FROM recompute.margin_breaks
WHERE business_date = $business_date
GROUP BY status
ORDER BY status
