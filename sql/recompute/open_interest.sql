-- grain: one row per market with an open position at the start or the end of the day, or a trade that day
-- meaning: open interest from rebuilt positions (the sum of longs, which equals the sum of shorts) with its growth over the day, volume from the tape, and the money that the open contracts can still move
-- owner: risk
-- column open_interest_qty: sum of longs at the end of the day (1e-2)
-- column short_interest_qty: sum of shorts at the end of the day (1e-2)
-- column opening_interest_qty: sum of longs at the start of the day (1e-2)
-- column growth_bps: growth of open interest and of money at risk over the day, empty where there was none at its start
-- column venue_open_interest_qty: open interest that the venue published for the day (1e-2)
-- column volume_qty: contracts traded (1e-2)
-- column trades: trades on the tape
-- column money_at_risk_centicents: a dollar for each contract open at the end of the day
WITH held AS (
    SELECT
        ticker,
        CAST(SUM(CASE WHEN opening_qty > 0 THEN opening_qty ELSE 0 END) AS BIGINT) AS opening_qty,
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
    COALESCE(held.opening_qty, 0) AS opening_interest_qty,
    -- Of the open interest at the start of the day, rounded down; the money at risk grows alike.
    CAST(
        CAST(held.long_qty AS HUGEINT) * 10000 // NULLIF(held.opening_qty, 0) - 10000
        AS BIGINT
    ) AS growth_bps,
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
