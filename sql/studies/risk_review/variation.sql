-- grain: one row per business date
-- meaning: variation paid by the accounts that lost
SELECT
    business_date,
    SUM(CASE WHEN amount_centicents < 0 THEN -amount_centicents ELSE 0 END) AS paid
FROM recompute.cash_ledger
WHERE business_date BETWEEN $first AND $last
    AND entry_kind = 'variation'
GROUP BY business_date
ORDER BY business_date
