-- grain: one row per customer account with a margined position
-- meaning: whether another member could take the account if its group defaulted, what that member must find, and to whom the account goes; the largest need first
-- owner: risk
SELECT
    business_date,
    affiliate_group,
    account_id,
    scenario_id,
    need_centicents,
    unmet_call_centicents,
    beyond_margin_centicents,
    added_contribution_centicents,
    able_members,
    taker_member_id,
    reason
FROM stress.porting
WHERE business_date = $business_date
ORDER BY affiliate_group, need_centicents DESC, account_id
