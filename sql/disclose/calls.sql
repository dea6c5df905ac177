-- grain: one row per margin call, issued by the venue or required by recomputed margin
-- meaning: calls against the recomputed amount, with their times and whether they were met late
-- owner: risk
SELECT
    calls.business_date,
    calls.call_id,
    calls.account_id,
    accounts.member_id,
    calls.venue_amount_centicents,
    calls.recomputed_amount_centicents,
    calls.state,
    calls.issued_utc,
    calls.due_utc,
    calls.met_utc,
    calls.late
FROM recompute.calls AS calls
LEFT JOIN validate.accounts AS accounts
    ON accounts.account_id = calls.account_id
    AND accounts.business_date = calls.business_date
WHERE calls.business_date = $business_date
ORDER BY
    CASE WHEN calls.late THEN 0 ELSE 1 END,
    COALESCE(calls.venue_amount_centicents, 0) DESC,
    calls.account_id,
    calls.call_id
