SELECT
    MAX(resolutions) AS "resolutions that exhaust resources",
    MAX(at_least) AS "no fewer resolutions than"
FROM stress.reverse
WHERE business_date = $business_date
