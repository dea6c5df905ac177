-- grain: one row per business date
-- meaning: accounts whose margin the venue charged differently, how many were charged too little, and by how much
SELECT
    business_date,
    COUNT(*) FILTER (WHERE status <> 'MATCH') AS breaks,
    COUNT(*) FILTER (WHERE status <> 'MATCH' AND difference_centicents < 0) AS too_little,
    COALESCE(
        -SUM(difference_centicents) FILTER (WHERE status <> 'MATCH' AND difference_centicents < 0), 0
    ) AS under
FROM recompute.margin_breaks
WHERE business_date BETWEEN $first AND $last
GROUP BY business_date
ORDER BY business_date
