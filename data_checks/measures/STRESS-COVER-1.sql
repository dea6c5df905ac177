-- value: largest shortfall of one member group (Cover-1), dollars
-- bound: prefunded resources without that group's contribution, and eligible assessments on the others, dollars
-- must be: at most
SELECT
    cover_1_centicents / 10000 AS value,
    (cover_1_prefunded_centicents + cover_1_assessments_centicents) / 10000 AS bound,
    scenario_id AS subject
FROM stress.cover
WHERE business_date = $business_date
ORDER BY cover_1_centicents - cover_1_prefunded_centicents - cover_1_assessments_centicents DESC, scenario_id
LIMIT 1
