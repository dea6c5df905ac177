-- grain: one row per drill, account and market of the defaulter
-- meaning: positions to close out, at their marks
-- owner: risk
SELECT
    positions.business_date,
    positions.drill_id,
    positions.account_id,
    accounts.origin,
    positions.ticker,
    positions.closing_qty,
    positions.mark_centicents,
    positions.closing_qty * positions.mark_centicents AS market_value_micros
FROM stress.drill_positions AS positions
LEFT JOIN validate.accounts AS accounts
    ON accounts.account_id = positions.account_id
    AND accounts.business_date = positions.business_date
WHERE positions.business_date = $business_date
ORDER BY
    positions.drill_id,
    ABS(positions.closing_qty) DESC,
    positions.account_id,
    positions.ticker
