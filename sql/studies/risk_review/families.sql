-- grain: one row per scenario family and business date
-- meaning: cover by scenario family
SELECT
    business_date,
    family,
    cover_1_centicents AS cover_1,
    cover_2_centicents AS cover_2,
    cover_2_scenario_id AS scenario_id,
    prefunded_centicents AS prefunded
FROM stress.family_cover
WHERE business_date BETWEEN $first AND $last
ORDER BY family, business_date
