-- grain: one row per account
-- meaning: the events whose outcome one account can influence
SELECT linked_events
FROM validate.accounts
WHERE business_date = $business_date AND account_id = $account_id
