SELECT
    member_id AS subject,
    'required ' || CAST(required_centicents AS VARCHAR) || ', deposited '
        || CAST(deposited_centicents AS VARCHAR) || ' centicents' AS detail,
    file_sha256,
    line
FROM validate.guaranty_fund
WHERE business_date = $business_date
    AND deposited_centicents < required_centicents
