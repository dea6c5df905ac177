-- grain: one row per market with an open position or a trade that day
-- meaning: open interest from rebuilt positions (the sum of longs, which equals the sum of shorts), volume from the tape, and the money that the open contracts can still move
-- owner: risk
WITH held AS (
    SELECT
        ticker,
        CAST(SUM(CASE WHEN closing_qty > 0 THEN closing_qty ELSE 0 END) AS BIGINT) AS long_qty,
        CAST(SUM(CASE WHEN closing_qty < 0 THEN -closing_qty ELSE 0 END) AS BIGINT) AS short_qty
    FROM recompute.positions
    WHERE business_date = $business_date
    GROUP BY ticker
),
traded AS (
    SELECT
        ticker,
        CAST(SUM(count_qty) AS BIGINT) AS volume_qty,
        COUNT(*) AS trades
    FROM validate.trades
    WHERE business_date = $business_date
    GROUP BY ticker
),
published AS (
    SELECT
        ticker_name,
        open_interest_qty
    FROM validate.market_data
    WHERE business_date = $business_date
        AND trading_date = $business_date
)
SELECT
    CAST($business_date AS DATE) AS business_date,
    contracts.ticker,
    contracts.event_ticker,
    contracts.category,
    COALESCE(held.long_qty, 0) AS open_interest_qty,
    COALESCE(held.short_qty, 0) AS short_interest_qty,
    published.open_interest_qty AS venue_open_interest_qty,
    COALESCE(traded.volume_qty, 0) AS volume_qty,
    COALESCE(traded.trades, 0) AS trades,
    -- One contract pays one dollar: 1e-2 contracts x 10,000 centicents / 100.
    COALESCE(held.long_qty, 0) * 100 AS money_at_risk_centicents
FROM recompute.contracts AS contracts
LEFT JOIN held
    ON held.ticker = contracts.ticker
LEFT JOIN traded
    ON traded.ticker = contracts.ticker
LEFT JOIN published
    ON published.ticker_name = contracts.ticker
WHERE contracts.business_date = $business_date
    AND (held.ticker IS NOT NULL OR traded.ticker IS NOT NULL)
