SELECT
    MAX(loss_centicents) / 10000 AS "loss of the drill, dollars",
    MAX(unallocated_centicents) / 10000 AS "unallocated loss, dollars"
FROM stress.drill
WHERE business_date = $business_date
