-- grain: one row per clearing member with cash entries
-- meaning: variation, fees and rounding residue posted by the recomputed ledger; variation and rounding sum to zero over all members
-- owner: risk
SELECT
    CAST($business_date AS DATE) AS business_date,
    CASE
        WHEN accounts.member_id IS NOT NULL THEN accounts.member_id
        WHEN ledger.account_id = 'VENUE' THEN 'venue (fees received)'
        ELSE 'rounding account'
    END AS member_id,
    CAST(SUM(CASE WHEN ledger.entry_kind = 'variation' THEN ledger.amount_centicents ELSE 0 END) AS BIGINT)
        AS variation_centicents,
    CAST(SUM(CASE WHEN ledger.entry_kind = 'fees' THEN ledger.amount_centicents ELSE 0 END) AS BIGINT)
        AS fees_centicents,
    CAST(SUM(CASE WHEN ledger.entry_kind = 'rounding' THEN ledger.amount_centicents ELSE 0 END) AS BIGINT)
        AS rounding_centicents
FROM recompute.cash_ledger AS ledger
LEFT JOIN validate.accounts AS accounts
    ON accounts.account_id = ledger.account_id
    AND accounts.business_date = ledger.business_date
WHERE ledger.business_date = $business_date
GROUP BY
    CASE
        WHEN accounts.member_id IS NOT NULL THEN accounts.member_id
        WHEN ledger.account_id = 'VENUE' THEN 'venue (fees received)'
        ELSE 'rounding account'
    END
ORDER BY member_id
