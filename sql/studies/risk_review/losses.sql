-- grain: one row per business date
-- meaning: the largest loss of a group before its margin, with its scenario (of equal ones the first by name)
WITH ranked AS (
    SELECT
        business_date,
        stressed_loss_centicents,
        scenario_id,
        affiliate_group,
        ROW_NUMBER() OVER (
            PARTITION BY business_date
            ORDER BY stressed_loss_centicents DESC, scenario_id, affiliate_group
        ) AS place
    FROM stress.group_losses
    WHERE business_date BETWEEN $first AND $last
)
SELECT business_date, stressed_loss_centicents AS loss, scenario_id, affiliate_group
FROM ranked
WHERE place = 1
ORDER BY business_date
