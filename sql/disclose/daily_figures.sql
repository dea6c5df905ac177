-- grain: one row per date of the history, the 250 latest up to the business date
-- meaning: metrics of the whole venue by date; empty where a date lacks the figure
-- owner: risk
-- holds up: nothing
WITH dated AS (
    SELECT
        business_date AS history_date,
        MAX(CASE WHEN metric = 'eligible_collateral' THEN value END) AS eligible_collateral_centicents,
        MAX(CASE WHEN metric = 'margin_utilisation' THEN value END) AS margin_utilisation_bps,
        MAX(CASE WHEN metric = 'leverage' THEN value END) AS leverage_bps,
        MAX(CASE WHEN metric = 'unsecured_peak' THEN value END) AS unsecured_peak_centicents,
        MAX(CASE WHEN metric = 'open_interest' THEN value END) AS open_interest_qty,
        MAX(CASE WHEN metric = 'money_at_risk' THEN value END) AS money_at_risk_centicents,
        MAX(CASE WHEN metric = 'average_trade_size' THEN value END) AS average_trade_size_qty,
        MAX(CASE WHEN metric = 'margined_share_of_sides' THEN value END) AS margined_share_of_sides_bps,
        MAX(CASE WHEN metric = 'margined_share_of_contracts' THEN value END) AS margined_share_of_contracts_bps,
        MAX(CASE WHEN metric = 'margined_share_of_notional' THEN value END) AS margined_share_of_notional_bps,
        MAX(CASE WHEN metric = 'calls_issued' THEN value END) AS calls_issued,
        MAX(CASE WHEN metric = 'calls_issued_amount' THEN value END) AS calls_issued_amount_centicents,
        MAX(CASE WHEN metric = 'calls_late' THEN value END) AS calls_late,
        MAX(CASE WHEN metric = 'calls_disputed' THEN value END) AS calls_disputed,
        MAX(CASE WHEN metric = 'client_liabilities' THEN value END) AS client_liabilities_centicents,
        MAX(CASE WHEN metric = 'segregated_assets' THEN value END) AS segregated_assets_centicents,
        ROW_NUMBER() OVER (ORDER BY business_date DESC) AS age_rank
    FROM recompute.metrics
    WHERE business_date <= $business_date
        AND scope_kind = 'venue'
    GROUP BY business_date
)
SELECT
    CAST($business_date AS DATE) AS business_date,
    history_date,
    eligible_collateral_centicents,
    margin_utilisation_bps,
    leverage_bps,
    unsecured_peak_centicents,
    open_interest_qty,
    money_at_risk_centicents,
    average_trade_size_qty,
    margined_share_of_sides_bps,
    margined_share_of_contracts_bps,
    margined_share_of_notional_bps,
    calls_issued,
    calls_issued_amount_centicents,
    calls_late,
    calls_disputed,
    client_liabilities_centicents,
    segregated_assets_centicents
FROM dated
WHERE age_rank <= 250
ORDER BY history_date
