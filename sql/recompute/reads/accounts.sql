-- grain: one row per account
-- meaning: the accounts of the date, in order of their id, with their beneficial owner
SELECT accounts.account_id, accounts.member_id, accounts.origin, accounts.linked_events,
    accounts.margin_permission,
    COALESCE(NULLIF(accounts.owner_lei, ''), NULLIF(accounts.owner_id, ''), accounts.account_id)
FROM validate.accounts AS accounts
WHERE accounts.business_date = $business_date
ORDER BY accounts.account_id
