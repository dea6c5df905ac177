-- value: two largest shortfalls of member groups (Cover-2), dollars
-- bound: prefunded resources without those groups' contributions, dollars
-- must be: at most
SELECT
    cover_2_centicents / 10000 AS value,
    prefunded_centicents / 10000 AS bound,
    scenario_id AS subject
FROM stress.cover
WHERE business_date = $business_date
ORDER BY cover_2_centicents - prefunded_centicents DESC, scenario_id
LIMIT 1
