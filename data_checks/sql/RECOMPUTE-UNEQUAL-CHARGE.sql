SELECT
    account_id AS subject,
    'charged ' || CAST(charged_centicents AS VARCHAR) || ' centicents of initial margin, '
        || CAST(ABS(difference_centicents) AS VARCHAR)
        || CASE WHEN difference_centicents < 0 THEN ' less than ' ELSE ' more than ' END
        || usual_account_id || ' with the same book, charged ' || CAST(usual_centicents AS VARCHAR)
        || ' as ' || CAST(usual_accounts AS VARCHAR) || ' of ' || CAST(accounts AS VARCHAR)
        || ' accounts that hold it' AS detail,
    file_sha256,
    line
FROM recompute.equal_books
WHERE business_date = $business_date
    AND ABS(difference_centicents) > tolerance_centicents
