-- grain: one row per account
-- meaning: margin, collateral and call of one account as this system recomputed them
SELECT worst_case_centicents, expected_shortfall_centicents, value_at_risk_centicents,
    jump_to_resolution_centicents, core_centicents, add_ons_centicents,
    initial_margin_centicents, maintenance_margin_centicents, collateral_value_centicents,
    call_centicents
FROM recompute.account_margin
WHERE business_date = $business_date AND account_id = $account_id
