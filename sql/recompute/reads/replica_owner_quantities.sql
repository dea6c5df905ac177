-- grain: one row per market
-- meaning: the sizes of all margined positions of one account's beneficial owner, over its accounts
WITH owners AS (
    SELECT account_id,
        COALESCE(NULLIF(owner_lei, ''), NULLIF(owner_id, ''), account_id) AS owner
    FROM validate.accounts
    WHERE business_date = $business_date
),
owned AS (
    SELECT $account_id AS account_id
    UNION
    SELECT others.account_id
    FROM owners AS others
    JOIN owners AS mine ON mine.owner = others.owner
    WHERE mine.account_id = $account_id
)
SELECT positions.ticker, SUM(ABS(positions.closing_qty)) AS owner_qty
FROM recompute.positions AS positions
JOIN owned ON owned.account_id = positions.account_id
WHERE positions.business_date = $business_date AND positions.collateralisation = 'margined'
    AND positions.closing_qty <> 0
GROUP BY positions.ticker
ORDER BY positions.ticker
