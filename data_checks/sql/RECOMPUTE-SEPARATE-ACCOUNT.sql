SELECT
    account_id AS subject,
    'took back ' || assets || ' while calls of ' || overdue_accounts || ' of the same owner ('
        || beneficial_owner || ') at member ' || member_id || ' are overdue' AS detail,
    file_sha256,
    line
FROM recompute.withdrawals
WHERE business_date = $business_date
    AND overdue_accounts <> ''
