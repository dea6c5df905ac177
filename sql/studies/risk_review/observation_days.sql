-- grain: one row per business date
-- meaning: backtest observations and breaches: accounts at the liquidation period, accounts at the next close, hypothetical portfolios
WITH observations AS (
    SELECT
        business_date,
        portfolio = 'accounts' AS of_account,
        at_liquidation,
        horizon_days,
        breach,
        loss_micros,
        uncovered_micros,
        margin_centicents,
        worst_case_centicents
    FROM stress.backtest_observations
    WHERE business_date BETWEEN $first AND $last
)
SELECT
    business_date,
    COUNT(*) FILTER (WHERE of_account AND at_liquidation) AS due,
    COUNT(*) FILTER (WHERE of_account AND at_liquidation AND breach) AS due_breaches,
    COUNT(*) FILTER (WHERE of_account AND horizon_days = 1) AS next_close,
    COUNT(*) FILTER (WHERE of_account AND horizon_days = 1 AND breach) AS next_close_breaches,
    COUNT(*) FILTER (WHERE NOT of_account) AS hypothetical,
    COUNT(*) FILTER (WHERE NOT of_account AND breach) AS hypothetical_breaches,
    COALESCE(
        SUM(loss_micros) FILTER (WHERE of_account AND horizon_days = 1 AND loss_micros > 0), 0
    ) AS lost_micros,
    COALESCE(MAX(uncovered_micros) FILTER (WHERE of_account), 0) AS peak_micros,
    COUNT(*) FILTER (
        WHERE of_account AND at_liquidation AND margin_centicents >= worst_case_centicents
    ) AS full_margin
FROM observations
GROUP BY business_date
ORDER BY business_date
