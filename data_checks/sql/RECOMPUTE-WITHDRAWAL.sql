SELECT
    account_id AS subject,
    'took back ' || assets || '; collateral of ' || CAST(collateral_value_centicents AS VARCHAR)
        || ' is left for initial margin of ' || CAST(initial_margin_centicents AS VARCHAR) || ' centicents' AS detail,
    file_sha256,
    line
FROM recompute.withdrawals
WHERE business_date = $business_date
    AND shortfall_centicents > 0
