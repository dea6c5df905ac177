-- grain: one row per date of the history with a default drill, the 250 latest up to the business date
-- meaning: loss of the date's largest drill and the part borne by each kind of layer; the group's rank by required margin (1 the largest) where the drill is the worst shortfall of a family
-- owner: risk
WITH ranked AS (
    SELECT
        business_date,
        drill_id,
        affiliate_group,
        scenario_id,
        loss_centicents,
        unallocated_centicents,
        ROW_NUMBER() OVER (
            PARTITION BY business_date ORDER BY loss_centicents DESC, drill_id
        ) AS place
    FROM stress.drill
    WHERE business_date <= $business_date
),
days AS (
    SELECT
        business_date,
        drill_id,
        affiliate_group,
        scenario_id,
        loss_centicents,
        unallocated_centicents,
        ROW_NUMBER() OVER (ORDER BY business_date DESC) AS age_rank
    FROM ranked
    WHERE place = 1
),
used AS (
    SELECT
        business_date,
        drill_id,
        SUM(
            CASE WHEN layer_type IN ('defaulter_margin', 'defaulter_fund') THEN used_centicents ELSE 0 END
        ) AS defaulter_centicents,
        SUM(
            CASE WHEN layer_type IN ('own_capital', 'insurance', 'facility') THEN used_centicents ELSE 0 END
        ) AS house_centicents,
        SUM(
            CASE WHEN layer_type IN ('survivors_fund', 'assessment', 'gains_haircut') THEN used_centicents ELSE 0 END
        ) AS survivors_centicents,
        COUNT(CASE WHEN used_centicents > 0 THEN 1 END) AS layers_used
    FROM stress.drill_layers
    WHERE business_date <= $business_date
    GROUP BY business_date, drill_id
)
SELECT
    CAST($business_date AS DATE) AS business_date,
    days.business_date AS history_date,
    days.affiliate_group,
    worst.cover_1_group_rank AS group_rank,
    days.scenario_id,
    days.loss_centicents,
    CAST(COALESCE(used.defaulter_centicents, 0) AS BIGINT) AS defaulter_centicents,
    CAST(COALESCE(used.house_centicents, 0) AS BIGINT) AS house_centicents,
    CAST(COALESCE(used.survivors_centicents, 0) AS BIGINT) AS survivors_centicents,
    days.unallocated_centicents,
    COALESCE(used.layers_used, 0) AS layers_used
FROM days
LEFT JOIN used
    ON used.business_date = days.business_date
    AND used.drill_id = days.drill_id
LEFT JOIN stress.family_cover AS worst
    ON worst.business_date = days.business_date
    AND worst.cover_1_scenario_id = days.scenario_id
    AND worst.cover_1_group = days.affiliate_group
WHERE days.age_rank <= 250
ORDER BY days.business_date
