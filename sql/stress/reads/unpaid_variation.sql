-- grain: one row per account and due time
-- meaning: variation that an account owes and has not paid by the end of the date; what is paid before the date ends is no payment of the hours after it
SELECT account_id, due_utc, -variation_centicents
FROM validate.obligations
WHERE business_date = $business_date AND variation_centicents < 0
    AND (paid_utc IS NULL OR paid_utc >= $ends)
