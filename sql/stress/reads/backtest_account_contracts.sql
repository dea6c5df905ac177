-- grain: one row per account and market
-- meaning: margined positions of the accounts that are backtested over more than one day; books of one day need none, since their loss is seen at the next close from opening positions
WITH parameters AS (
    SELECT event_ticker, MAX(liquidation_days) AS liquidation_days, MAX(cluster) AS cluster
    FROM recompute.event_parameters
    WHERE business_date = $business_date
    GROUP BY event_ticker
),
held AS (
    SELECT positions.account_id, positions.event_ticker, positions.ticker, positions.closing_qty,
        marks.mark_centicents, parameters.liquidation_days, parameters.cluster,
        MAX(parameters.liquidation_days) OVER (PARTITION BY positions.account_id) AS longest
    FROM recompute.positions AS positions
    JOIN recompute.marks AS marks
        ON marks.ticker = positions.ticker AND marks.business_date = $business_date
    JOIN parameters ON parameters.event_ticker = positions.event_ticker
    WHERE positions.business_date = $business_date AND positions.collateralisation = 'margined'
        AND positions.closing_qty <> 0
)
SELECT 'accounts' AS portfolio, account_id AS book_id, event_ticker, ticker, closing_qty AS qty,
    mark_centicents, liquidation_days, cluster
FROM held
WHERE longest > 1
ORDER BY account_id, ticker
