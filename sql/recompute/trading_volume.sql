-- grain: one row per market that has ever traded and was not settled before the day
-- meaning: contracts traded per market since its first trade that we know, for the average daily volume that the add-on for liquidity uses
-- owner: risk
-- column first_traded_date: business date of the first trade that we know
-- column volume_qty: contracts traded that day (1e-2)
-- column total_volume_qty: contracts traded from then to the end of the day (1e-2)
WITH traded AS (
    SELECT
        ticker,
        CAST(SUM(count_qty) AS BIGINT) AS volume_qty
    FROM validate.trades
    WHERE business_date = $business_date
    GROUP BY ticker
),
carried AS (
    SELECT
        volumes.ticker,
        volumes.first_traded_date,
        volumes.total_volume_qty
    FROM recompute.trading_volume AS volumes
    JOIN recompute.days AS days
        ON days.previous_business_date = volumes.business_date
    -- A market that settled stays out, unless it trades again.
    JOIN recompute.marks AS marks
        ON marks.ticker = volumes.ticker
        AND marks.business_date = $business_date
    WHERE days.business_date = $business_date
)
SELECT
    CAST($business_date AS DATE) AS business_date,
    COALESCE(traded.ticker, carried.ticker) AS ticker,
    COALESCE(carried.first_traded_date, CAST($business_date AS DATE)) AS first_traded_date,
    COALESCE(traded.volume_qty, 0) AS volume_qty,
    COALESCE(carried.total_volume_qty, 0) + COALESCE(traded.volume_qty, 0) AS total_volume_qty
FROM traded
FULL OUTER JOIN carried
    ON carried.ticker = traded.ticker
