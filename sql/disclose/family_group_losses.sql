-- grain: one row per scenario family and clearing-member group
-- meaning: the largest stressed loss and the largest shortfall of a group in a family
-- owner: risk
SELECT
    CAST($business_date AS DATE) AS business_date,
    scenarios.family,
    losses.affiliate_group,
    MAX(losses.stressed_loss_centicents) AS largest_loss_centicents,
    MAX(losses.shortfall_centicents) AS largest_shortfall_centicents
FROM stress.group_losses AS losses
JOIN stress.scenarios AS scenarios
    ON scenarios.scenario_id = losses.scenario_id
    AND scenarios.business_date = losses.business_date
WHERE losses.business_date = $business_date
GROUP BY scenarios.family, losses.affiliate_group
ORDER BY LENGTH(scenarios.family), scenarios.family, losses.affiliate_group
