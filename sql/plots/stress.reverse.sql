SELECT
    MAX(resolutions) AS "resolutions that exhaust resources",
    MAX(at_least) AS "proven minimum of resolutions"
FROM stress.reverse
WHERE business_date = $business_date
