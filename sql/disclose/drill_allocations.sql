-- grain: one row per drill, layer and party that bears a part of the loss
-- meaning: allocation of the drill's loss to parties, to the centicent
-- owner: risk
SELECT
    allocations.business_date,
    allocations.drill_id,
    layers.layer_order,
    allocations.layer_id,
    allocations.party,
    COALESCE(members.name, allocations.party) AS party_name,
    allocations.amount_centicents
FROM stress.drill_allocations AS allocations
LEFT JOIN stress.drill_layers AS layers
    ON layers.drill_id = allocations.drill_id
    AND layers.layer_id = allocations.layer_id
    AND layers.business_date = allocations.business_date
LEFT JOIN validate.members AS members
    ON members.member_id = allocations.party
    AND members.business_date = allocations.business_date
WHERE allocations.business_date = $business_date
    AND allocations.amount_centicents <> 0
ORDER BY
    allocations.drill_id,
    layers.layer_order,
    allocations.amount_centicents DESC,
    allocations.layer_id,
    allocations.party
