-- grain: one row per business date, currency and number of failing payers
-- meaning: liquidity stress: outflow, liquid resources, hours survived, regulatory floor
SELECT
    business_date,
    currency,
    failing_payers,
    scenario_id,
    outflow_centicents AS outflow,
    resources_centicents AS resources,
    first_resources_centicents AS first_resources,
    least_left_centicents AS least_left,
    hours,
    hours_survived,
    covered,
    floor_centicents AS floor,
    floor_days
FROM stress.liquidity
WHERE business_date BETWEEN $first AND $last
ORDER BY business_date, currency, failing_payers
