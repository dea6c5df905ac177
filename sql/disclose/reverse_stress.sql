-- grain: one row per resolution of the reverse stress, one without an event where no set of resolutions was found
-- meaning: the smallest number of simultaneous resolutions that exhaust prefunded resources, whether that is proven, and their likelihood; probabilities in 1e-12
-- owner: risk
SELECT
    reverse_stress.business_date,
    reverse_stress.resolutions,
    reverse_stress.proven,
    reverse_stress.at_least,
    reverse_stress.least_resolutions,
    reverse_stress.excess_centicents,
    reverse_stress.resources_centicents,
    CAST(ROUND(reverse_stress.independent_probability * 1000000000000) AS BIGINT) AS independent_probability_e12,
    CAST(ROUND(reverse_stress.correlated_probability * 1000000000000) AS BIGINT) AS correlated_probability_e12,
    reverse_stress.events,
    reverse_stress.nodes,
    reverse_stress.node_limit,
    resolved.resolution,
    resolved.event_ticker,
    resolved.category,
    resolved.state_label,
    CAST(ROUND(resolved.probability * 1000000000000) AS BIGINT) AS probability_e12
FROM stress.reverse AS reverse_stress
LEFT JOIN stress.reverse_resolutions AS resolved
    ON resolved.business_date = reverse_stress.business_date
WHERE reverse_stress.business_date = $business_date
ORDER BY resolved.resolution
