-- grain: one row per account
-- meaning: margin of one account as the venue charged it at the end of the day
SELECT worst_case_centicents, core_centicents, add_ons_centicents, initial_margin_centicents,
    maintenance_margin_centicents
FROM validate.margin_requirements
WHERE business_date = $business_date AND account_id = $account_id AND cycle = 'EOD'
