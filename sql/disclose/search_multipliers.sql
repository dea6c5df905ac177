-- grain: one row per number of failing groups, scope and layer, in order of use
-- meaning: the factor in hundredths by which all moves of the worst plausible scenario, or 99.9 % moves of every market, must grow to reach the layer, empty where no factor does, and the probability of the grown moves in 1e-12
-- owner: risk
SELECT
    business_date,
    groups_failing,
    scope,
    layer_order,
    layer_id,
    layer_type,
    needed_centicents,
    multiplier_e2,
    CAST(ROUND(correlated_probability * 1000000000000) AS BIGINT) AS correlated_probability_e12
FROM stress.search_multipliers
WHERE business_date = $business_date
ORDER BY groups_failing, scope DESC, layer_order
