-- grain: one row per account
-- meaning: margin required of each account's margined and fully collateralised book
SELECT account_id, margined_initial_centicents,
    initial_margin_centicents - margined_initial_centicents AS full_centicents
FROM recompute.account_margin
WHERE business_date = $business_date
