-- grain: one row per default drill
-- meaning: the assumed default and its scenario, the loss, and the unallocated part
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
