SELECT
    accounts.account_id AS subject,
    'member ' || accounts.member_id || ' is unknown' AS detail,
    accounts.file_sha256,
    accounts.line
FROM validate.accounts AS accounts
LEFT JOIN validate.members AS members
    ON members.member_id = accounts.member_id
    AND members.business_date = accounts.business_date
WHERE accounts.business_date = $business_date
    AND members.member_id IS NULL
