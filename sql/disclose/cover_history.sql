-- grain: one row per date of the history, the 250 latest up to the business date
-- meaning: largest Cover-1 and Cover-2 of the day against prefunded resources, with the scenario and the groups behind Cover-2 and their rank by required margin
-- owner: risk
WITH ranked AS (
    SELECT
        business_date,
        cover_2_scenario_id,
        cover_2_groups,
        cover_2_first_rank,
        cover_2_second_rank,
        cover_2_centicents,
        prefunded_centicents,
        MAX(cover_1_centicents) OVER (PARTITION BY business_date) AS cover_1_centicents,
        ROW_NUMBER() OVER (
            PARTITION BY business_date ORDER BY cover_2_centicents DESC, cover_2_scenario_id
        ) AS rank_in_day
    FROM stress.family_cover
    WHERE business_date <= $business_date
),
days AS (
    SELECT
        business_date,
        cover_2_scenario_id,
        cover_2_groups,
        cover_2_first_rank,
        cover_2_second_rank,
        cover_1_centicents,
        cover_2_centicents,
        prefunded_centicents,
        ROW_NUMBER() OVER (ORDER BY business_date DESC) AS age_rank
    FROM ranked
    WHERE rank_in_day = 1
)
SELECT
    CAST($business_date AS DATE) AS business_date,
    business_date AS history_date,
    cover_1_centicents,
    cover_2_centicents,
    prefunded_centicents,
    cover_2_scenario_id,
    cover_2_groups,
    cover_2_first_rank,
    cover_2_second_rank
FROM days
WHERE age_rank <= 250
ORDER BY history_date
