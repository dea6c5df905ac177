-- grain: one row, or none
-- meaning: the account, if the date lists it or compares its margin
SELECT account_id
FROM validate.accounts
WHERE business_date = $day AND account_id = $account
UNION ALL
SELECT account_id
FROM recompute.margin_breaks
WHERE business_date = $day AND account_id = $account
LIMIT 1
