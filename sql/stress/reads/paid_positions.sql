-- grain: one row per account, market and kind of book
-- meaning: positions that were settled on the date, with the value paid
SELECT positions.account_id, positions.ticker,
    positions.collateralisation = 'margined' AS margined, -positions.settled_qty AS qty,
    settlements.settlement_value_centicents
FROM recompute.positions AS positions
JOIN recompute.settlements AS settlements
    ON settlements.ticker = positions.ticker
    AND settlements.business_date = positions.business_date
WHERE positions.business_date = $business_date AND positions.settled_qty <> 0
ORDER BY positions.ticker, positions.account_id, positions.collateralisation
