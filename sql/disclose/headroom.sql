-- grain: one row per scenario
-- meaning: how near each scenario comes to a shortfall, the nearest first: the largest loss of a group's margined books as a share of their margin, and of margin, own contribution and prefunded resources
-- owner: risk
SELECT
    business_date,
    scenario_id,
    family,
    words,
    margin_group,
    margined_loss_centicents,
    margined_margin_centicents,
    loss_of_margin_bps,
    resources_group,
    loss_of_resources_bps
FROM stress.headroom
WHERE business_date = $business_date
ORDER BY loss_of_margin_bps DESC, loss_of_resources_bps DESC, scenario_id
