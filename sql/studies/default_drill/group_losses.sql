-- grain: one row per scenario
-- meaning: the group's loss and shortfall in each scenario of the date: the largest shortfall first, then the largest loss, then by name
SELECT scenario_id, stressed_loss_centicents, shortfall_centicents
FROM stress.group_losses
WHERE business_date = $business_date AND affiliate_group = $affiliate_group
ORDER BY shortfall_centicents DESC, stressed_loss_centicents DESC, scenario_id
