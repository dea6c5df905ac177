-- grain: one row per member
-- meaning: the required contribution to the guaranty fund
SELECT member_id, required_centicents
FROM validate.guaranty_fund
WHERE business_date = $business_date
