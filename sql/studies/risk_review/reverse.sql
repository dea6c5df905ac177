-- grain: one row per business date
-- meaning: reverse stress: the fewest resolutions that exhaust prefunded resources
SELECT
    business_date,
    resolutions,
    proven,
    at_least,
    least_resolutions,
    excess_centicents AS excess,
    resources_centicents AS resources,
    independent_probability,
    correlated_probability,
    events
FROM stress.reverse
WHERE business_date BETWEEN $first AND $last
ORDER BY business_date
