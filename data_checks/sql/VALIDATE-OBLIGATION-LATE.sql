SELECT
    account_id AS subject,
    'due ' || CAST(due_utc AS VARCHAR) || ', paid ' || CAST(paid_utc AS VARCHAR) || ' UTC' AS detail,
    file_sha256,
    line
FROM validate.obligations
WHERE business_date = $business_date
    AND paid_utc > due_utc
