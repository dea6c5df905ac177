-- grain: one row per member
-- meaning: the affiliate group of each member, and whether it may take the customers of another
SELECT
    member_id,
    affiliate_group,
    status = 'active' AND clears_for IN ('customer', 'both') AS may_take
FROM validate.members
WHERE business_date = $business_date
ORDER BY member_id
