-- grain: one row per business date
-- meaning: the largest Cover-1 and Cover-2 of the date and the scenario of the largest Cover-2 (of equal ones the first by name), with the largest excess over prefunded resources
WITH ranked AS (
    SELECT
        business_date,
        scenario_id,
        family,
        words,
        cover_1_centicents,
        cover_2_centicents,
        cover_2_groups,
        prefunded_centicents,
        cover_1_prefunded_centicents,
        ROW_NUMBER() OVER (
            PARTITION BY business_date ORDER BY cover_2_centicents DESC, scenario_id
        ) AS place
    FROM stress.cover
    WHERE business_date BETWEEN $first AND $last
)
SELECT
    business_date,
    COUNT(*) AS scenarios,
    MAX(cover_1_centicents) AS cover_1,
    MAX(cover_2_centicents) AS cover_2,
    MAX(CASE WHEN place = 1 THEN scenario_id END) AS scenario_id,
    MAX(CASE WHEN place = 1 THEN family END) AS family,
    MAX(CASE WHEN place = 1 THEN words END) AS words,
    MAX(CASE WHEN place = 1 THEN cover_2_groups END) AS affiliate_groups,
    MAX(CASE WHEN place = 1 THEN prefunded_centicents END) AS prefunded,
    MAX(cover_1_centicents - cover_1_prefunded_centicents) AS excess_1,
    MAX(cover_2_centicents - prefunded_centicents) AS excess_2
FROM ranked
GROUP BY business_date
ORDER BY business_date
