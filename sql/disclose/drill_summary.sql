-- grain: one row per default drill
-- meaning: who was assumed to default in which scenario, the loss and what no layer absorbed
-- owner: risk
SELECT
    drill.business_date,
    drill.drill_id,
    drill.affiliate_group,
    drill.scenario_id,
    scenarios.family,
    scenarios.words,
    drill.loss_centicents,
    drill.loss_centicents - drill.unallocated_centicents AS allocated_centicents,
    drill.unallocated_centicents
FROM stress.drill AS drill
LEFT JOIN stress.scenarios AS scenarios
    ON scenarios.scenario_id = drill.scenario_id
    AND scenarios.business_date = drill.business_date
WHERE drill.business_date = $business_date
ORDER BY drill.loss_centicents DESC, drill.drill_id
