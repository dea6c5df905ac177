-- grain: one row
-- meaning: when the group's settlement of the end of the day is due, by the venue's obligations; NULL if none is stated
SELECT MAX(obligations.due_utc) AS due_utc
FROM validate.obligations AS obligations
JOIN validate.accounts AS accounts
    ON accounts.account_id = obligations.account_id
    AND accounts.business_date = obligations.business_date
JOIN validate.members AS members
    ON members.member_id = accounts.member_id
    AND members.business_date = accounts.business_date
WHERE obligations.business_date = $business_date
    AND obligations.cycle = 'EOD'
    AND members.affiliate_group = $affiliate_group
