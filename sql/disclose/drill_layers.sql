-- grain: one row per drill and layer of the waterfall, in order of use
-- meaning: size, used and remaining of each layer; used over all layers and unallocated sum to the loss
-- owner: risk
SELECT
    business_date,
    drill_id,
    layer_order,
    layer_id,
    layer_type,
    words,
    size_centicents,
    used_centicents,
    remaining_centicents
FROM stress.drill_layers
WHERE business_date = $business_date
ORDER BY drill_id, layer_order, layer_id
