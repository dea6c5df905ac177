-- grain: one row
-- meaning: recomputed margin of the date: initial margin, worst case, and what is to be called
SELECT
    SUM(initial_margin_centicents) AS initial_margin_centicents,
    SUM(worst_case_centicents) AS worst_case_centicents,
    SUM(call_centicents) AS call_centicents
FROM recompute.account_margin
WHERE business_date = $day
