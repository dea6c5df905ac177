-- value: largest part of a drill loss neither allocated nor reported as unallocated, dollars
-- bound: zero, dollars
-- must be: at most
SELECT
    ABS(MAX(drill.loss_centicents) - SUM(layers.used_centicents) - MAX(drill.unallocated_centicents)) / 10000 AS value,
    0 AS bound,
    drill.drill_id AS subject
FROM stress.drill AS drill
JOIN stress.drill_layers AS layers
    ON layers.drill_id = drill.drill_id
    AND layers.business_date = drill.business_date
WHERE drill.business_date = $business_date
GROUP BY drill.drill_id
ORDER BY 1 DESC, drill.drill_id
LIMIT 1
