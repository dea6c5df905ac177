-- grain: one row per account
-- meaning: our margin of the date, as the replica's is compared with it
SELECT account_id, margined_worst_case_micros + fully_collateralised_worst_case_micros,
    expected_shortfall_centicents, jump_to_resolution_centicents, core_centicents,
    add_ons_centicents, initial_margin_centicents
FROM recompute.account_margin
WHERE business_date = $business_date
