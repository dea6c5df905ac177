-- grain: one row per account, kind of book and market of $tickers
-- meaning: net YES contracts (1e-2) that settlement took out of the book, on this date or before
WITH settled AS (
    -- Two reads, not one up to the date: today's rows are in memory, the others in the lake.
    SELECT account_id, collateralisation, ticker, settled_qty
    FROM recompute.positions
    WHERE business_date = $business_date
        AND settled_qty <> 0
        AND list_contains(CAST($tickers AS VARCHAR[]), ticker)
    UNION ALL
    SELECT account_id, collateralisation, ticker, settled_qty
    FROM recompute.positions
    WHERE business_date < $business_date
        AND settled_qty <> 0
        AND list_contains(CAST($tickers AS VARCHAR[]), ticker)
)
SELECT account_id, collateralisation, ticker, CAST(-SUM(settled_qty) AS BIGINT) AS settled_qty
FROM settled
GROUP BY account_id, collateralisation, ticker
ORDER BY account_id, collateralisation, ticker
