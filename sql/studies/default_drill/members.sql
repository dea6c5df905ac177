-- grain: one row per member
-- meaning: the clearing members of the date
SELECT member_id, name, affiliate_group, status
FROM validate.members
WHERE business_date = $business_date
ORDER BY member_id
