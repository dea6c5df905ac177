-- grain: one row per account
-- meaning: the accounts of the date, in order of their id
SELECT accounts.account_id, accounts.member_id, accounts.origin, accounts.linked_events,
    accounts.margin_permission
FROM validate.accounts AS accounts
WHERE accounts.business_date = $business_date
ORDER BY accounts.account_id
