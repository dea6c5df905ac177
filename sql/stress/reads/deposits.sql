-- grain: one row per member
-- meaning: each member with its affiliate group, its deposit to the guaranty fund, and what it was assessed earlier in the period
SELECT
    members.member_id,
    members.affiliate_group,
    COALESCE(fund.deposited_centicents, 0) AS deposited_centicents,
    COALESCE(fund.assessed_in_period_centicents, 0) AS assessed_in_period_centicents
FROM validate.members AS members
LEFT JOIN validate.guaranty_fund AS fund
    ON fund.member_id = members.member_id AND fund.business_date = members.business_date
WHERE members.business_date = $business_date
ORDER BY members.member_id
