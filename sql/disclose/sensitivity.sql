-- grain: one row per changed assumption
-- meaning: recomputed margin of all accounts with one model assumption changed, in the model's order
-- owner: risk
SELECT
    CAST($business_date AS DATE) AS business_date,
    variant,
    parameter,
    value,
    core_centicents,
    initial_margin_centicents,
    change_centicents,
    accounts_higher,
    accounts_lower
FROM recompute.sensitivity
WHERE business_date = $business_date
ORDER BY variant
