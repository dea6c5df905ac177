SELECT
    MIN(least_left_centicents) / 10000 AS "minimum left, dollars",
    MIN(hours_survived) AS "hours survived",
    MIN(first_resources_centicents) / 10000 AS "liquid resources, dollars",
    MAX(floor_centicents) / 10000 AS "regulatory floor, dollars"
FROM stress.liquidity
WHERE business_date = $business_date
