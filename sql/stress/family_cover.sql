-- grain: one row per scenario family
-- meaning: largest Cover-1 and Cover-2 of the family with the scenario and the groups behind each, and their rank by required margin (1 the largest), which names nobody; histories read these few rows
-- owner: risk
WITH ranks AS (
    SELECT
        affiliate_group,
        ROW_NUMBER() OVER (ORDER BY MAX(margin_required_centicents) DESC, affiliate_group) AS group_rank
    FROM stress.group_losses
    WHERE business_date = $business_date
    GROUP BY affiliate_group
),
ordered AS (
    SELECT
        scenario_id,
        family,
        cover_1_centicents,
        cover_1_group,
        cover_2_centicents,
        cover_2_groups,
        -- The second of two: groups are named in the order of their shortfalls.
        SUBSTR(cover_2_groups, LENGTH(cover_1_group) + 3) AS second_group,
        prefunded_centicents,
        covered,
        ROW_NUMBER() OVER (PARTITION BY family ORDER BY cover_1_centicents DESC, scenario_id) AS by_cover_1,
        ROW_NUMBER() OVER (PARTITION BY family ORDER BY cover_2_centicents DESC, scenario_id) AS by_cover_2
    FROM stress.cover
    WHERE business_date = $business_date
),
counted AS (
    SELECT
        family,
        COUNT(*) AS scenarios,
        COUNT(CASE WHEN NOT covered THEN 1 END) AS scenarios_uncovered
    FROM ordered
    GROUP BY family
)
SELECT
    CAST($business_date AS DATE) AS business_date,
    counted.family,
    counted.scenarios,
    counted.scenarios_uncovered,
    largest.cover_1_centicents,
    largest.scenario_id AS cover_1_scenario_id,
    largest.cover_1_group,
    rank_of_largest.group_rank AS cover_1_group_rank,
    two.cover_2_centicents,
    two.scenario_id AS cover_2_scenario_id,
    two.cover_2_groups,
    rank_of_first.group_rank AS cover_2_first_rank,
    rank_of_second.group_rank AS cover_2_second_rank,
    two.prefunded_centicents
FROM counted
JOIN ordered AS largest ON largest.family = counted.family AND largest.by_cover_1 = 1
JOIN ordered AS two ON two.family = counted.family AND two.by_cover_2 = 1
LEFT JOIN ranks AS rank_of_largest ON rank_of_largest.affiliate_group = largest.cover_1_group
LEFT JOIN ranks AS rank_of_first ON rank_of_first.affiliate_group = two.cover_1_group
LEFT JOIN ranks AS rank_of_second ON rank_of_second.affiliate_group = two.second_group
