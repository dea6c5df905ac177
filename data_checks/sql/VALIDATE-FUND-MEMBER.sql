SELECT
    fund.member_id AS subject,
    'deposited ' || CAST(fund.deposited_centicents AS VARCHAR) || ' centicents, member is unknown' AS detail,
    fund.file_sha256,
    fund.line
FROM validate.guaranty_fund AS fund
LEFT JOIN validate.members AS members
    ON members.member_id = fund.member_id
    AND members.business_date = fund.business_date
WHERE fund.business_date = $business_date
    AND members.member_id IS NULL
