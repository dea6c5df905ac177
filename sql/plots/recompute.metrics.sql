SELECT
    MAX(CASE WHEN metric = 'open_interest' AND scope_kind = 'venue' THEN value END) / 100 AS "open interest, contracts",
    MAX(CASE WHEN metric = 'money_at_risk' AND scope_kind = 'venue' THEN value END) / 10000 AS "money at risk, dollars",
    MAX(CASE WHEN metric = 'margin_utilisation' AND scope_kind = 'venue' THEN value END) / 100
        AS "margin utilisation, per cent",
    MAX(CASE WHEN metric = 'leverage' AND scope_kind = 'venue' THEN value END) / 10000 AS "leverage, times",
    MAX(CASE WHEN metric = 'margined_leverage' AND scope_kind = 'venue' THEN value END) / 10000
        AS "leverage of margined books, times",
    MAX(CASE WHEN metric = 'margined_share_of_contracts' THEN value END) / 100 AS "traded on margin, per cent of contracts",
    MAX(CASE WHEN metric = 'unsecured_peak' AND scope_kind = 'venue' THEN value END) / 10000
        AS "unsecured exposure at its peak, dollars",
    MAX(CASE WHEN metric = 'client_liabilities' AND scope_kind = 'venue' THEN value END) / 10000
        AS "client liabilities, dollars",
    MAX(CASE WHEN metric = 'segregated_assets' AND scope_kind = 'venue' THEN value END) / 10000
        AS "segregated assets, dollars",
    MAX(CASE WHEN metric = 'collateral_share' AND scope_kind = 'custodian' THEN value END) / 100
        AS "largest custodian, per cent of collateral",
    MAX(CASE WHEN metric = 'top_5_share' AND scope = 'margin by account' THEN value END) / 100
        AS "five largest accounts, per cent of margin",
    MAX(CASE WHEN metric = 'herfindahl' AND scope = 'positions by group' THEN value END)
        AS "concentration of positions by group, 0 to 10,000"
FROM recompute.metrics
WHERE business_date = $business_date
