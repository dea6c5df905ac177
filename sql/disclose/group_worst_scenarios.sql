-- grain: one row per clearing-member group
-- meaning: the group's worst scenario: the loss above margin, account by account (uncovered), and the shortfall after the group's own fund contribution
-- owner: risk
WITH ranked AS (
    SELECT
        scenario_id,
        affiliate_group,
        stressed_loss_centicents,
        margin_required_centicents,
        margin_lost_centicents,
        -- Empty on dates stressed before it was kept. Who falls short has used up its own fund;
        -- of the others no more is known than that margin and fund bear the loss.
        COALESCE(
            uncovered_centicents,
            CASE WHEN shortfall_centicents > 0 THEN shortfall_centicents + own_fund_centicents ELSE 0 END
        ) AS uncovered_centicents,
        own_fund_centicents,
        shortfall_centicents,
        ROW_NUMBER() OVER (
            PARTITION BY affiliate_group
            ORDER BY shortfall_centicents DESC, stressed_loss_centicents DESC, scenario_id
        ) AS rank_in_group
    FROM stress.group_losses
    WHERE business_date = $business_date
)
SELECT
    CAST($business_date AS DATE) AS business_date,
    affiliate_group,
    scenario_id,
    stressed_loss_centicents,
    margin_required_centicents,
    margin_lost_centicents,
    uncovered_centicents,
    own_fund_centicents,
    shortfall_centicents
FROM ranked
WHERE rank_in_group = 1
ORDER BY shortfall_centicents DESC, stressed_loss_centicents DESC, affiliate_group
