-- grain: one row per account, market and collateralisation that was open or traded that day
-- meaning: positions rebuilt from trades: yesterday's rebuilt position plus today's trades less settlements, never the venue's; what arrives after the settlement of its market is settled at once
-- owner: risk
-- column opening_qty: net YES contracts (1e-2) at the end of the day before
-- column traded_qty: net YES contracts (1e-2) traded that day
-- column settled_qty: what settlement took away (1e-2), of opposite sign
-- column closing_qty: net YES contracts (1e-2) at the end of the day
WITH opening AS (
    SELECT
        positions.account_id,
        positions.ticker,
        positions.collateralisation,
        positions.closing_qty
    FROM recompute.positions AS positions
    JOIN recompute.days AS days
        ON days.previous_business_date = positions.business_date
    WHERE days.business_date = $business_date
        AND positions.closing_qty <> 0
),
traded AS (
    SELECT
        account_id,
        ticker,
        collateralisation,
        CAST(SUM(signed_qty) AS BIGINT) AS traded_qty
    FROM recompute.trade_sides
    WHERE business_date = $business_date
    GROUP BY account_id, ticker, collateralisation
),
merged AS (
    SELECT
        COALESCE(opening.account_id, traded.account_id) AS account_id,
        COALESCE(opening.ticker, traded.ticker) AS ticker,
        COALESCE(opening.collateralisation, traded.collateralisation) AS collateralisation,
        COALESCE(opening.closing_qty, 0) AS opening_qty,
        COALESCE(traded.traded_qty, 0) AS traded_qty
    FROM opening
    FULL OUTER JOIN traded
        ON traded.account_id = opening.account_id
        AND traded.ticker = opening.ticker
        AND traded.collateralisation = opening.collateralisation
),
settled AS (
    -- Two reads, not one up to the date: today's rows are in memory, the others in the lake.
    SELECT ticker
    FROM recompute.settlements
    WHERE business_date = $business_date
    UNION
    SELECT ticker
    FROM recompute.settlements
    WHERE business_date < $business_date
)
SELECT
    CAST($business_date AS DATE) AS business_date,
    merged.account_id,
    merged.ticker,
    contracts.event_ticker,
    merged.collateralisation,
    merged.opening_qty,
    merged.traded_qty,
    CASE
        WHEN settled.ticker IS NULL THEN 0
        ELSE -(merged.opening_qty + merged.traded_qty)
    END AS settled_qty,
    CASE
        WHEN settled.ticker IS NULL THEN merged.opening_qty + merged.traded_qty
        ELSE 0
    END AS closing_qty
FROM merged
JOIN recompute.contracts AS contracts
    ON contracts.ticker = merged.ticker
    AND contracts.business_date = $business_date
LEFT JOIN settled
    ON settled.ticker = merged.ticker
