-- grain: one row per scenario family and window of business dates: today, 30, 90 and 250
-- meaning: peak of Cover-2 of the family inside the window, with its date, scenario, groups and their rank by required margin; a window counts the loaded dates inside it
-- owner: risk
WITH dated AS (
    SELECT
        business_date AS history_date,
        family,
        cover_1_centicents,
        cover_2_centicents,
        cover_2_scenario_id,
        cover_2_groups,
        cover_2_first_rank,
        cover_2_second_rank,
        prefunded_centicents,
        DENSE_RANK() OVER (ORDER BY business_date DESC) AS age_rank
    FROM stress.family_cover
    WHERE business_date <= $business_date
),
windows AS (
    SELECT 1 AS window_days
    UNION ALL
    SELECT 30 AS window_days
    UNION ALL
    SELECT 90 AS window_days
    UNION ALL
    SELECT 250 AS window_days
),
ranked AS (
    SELECT
        windows.window_days,
        dated.history_date,
        dated.family,
        dated.cover_2_centicents,
        dated.cover_2_scenario_id,
        dated.cover_2_groups,
        dated.cover_2_first_rank,
        dated.cover_2_second_rank,
        dated.prefunded_centicents,
        MAX(dated.cover_1_centicents) OVER (
            PARTITION BY windows.window_days, dated.family
        ) AS peak_cover_1_centicents,
        COUNT(*) OVER (PARTITION BY windows.window_days, dated.family) AS days,
        ROW_NUMBER() OVER (
            PARTITION BY windows.window_days, dated.family
            ORDER BY dated.cover_2_centicents DESC, dated.history_date DESC
        ) AS place
    FROM windows
    JOIN dated ON dated.age_rank <= windows.window_days
)
SELECT
    CAST($business_date AS DATE) AS business_date,
    family,
    CAST(window_days AS BIGINT) AS window_days,
    days,
    peak_cover_1_centicents,
    cover_2_centicents AS peak_cover_2_centicents,
    history_date AS peak_date,
    cover_2_scenario_id AS peak_scenario_id,
    cover_2_groups AS peak_groups,
    cover_2_first_rank AS peak_first_rank,
    cover_2_second_rank AS peak_second_rank,
    prefunded_centicents AS peak_prefunded_centicents
FROM ranked
WHERE place = 1
ORDER BY LENGTH(family), family, window_days
