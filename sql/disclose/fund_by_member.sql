-- grain: one row per clearing member with a guaranty fund requirement
-- meaning: required against deposited contribution
-- owner: treasury
SELECT
    fund.business_date,
    fund.member_id,
    COALESCE(members.name, fund.member_id) AS member_name,
    members.affiliate_group,
    fund.required_centicents,
    fund.deposited_centicents,
    fund.deposited_centicents - fund.required_centicents AS excess_centicents
FROM validate.guaranty_fund AS fund
LEFT JOIN validate.members AS members
    ON members.member_id = fund.member_id
    AND members.business_date = fund.business_date
WHERE fund.business_date = $business_date
ORDER BY fund.deposited_centicents DESC, fund.member_id
