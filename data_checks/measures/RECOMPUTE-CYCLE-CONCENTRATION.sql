-- value: largest net position of an account, of all cycles, per cent of the open interest of the market
-- bound: concentration_share_bps of data_checks/thresholds.yaml, per cent
-- must be: at most
WITH net AS (
    SELECT
        cycle,
        account_id,
        ticker,
        ABS(SUM(closing_qty)) AS held_qty,
        SUM(GREATEST(closing_qty, 0)) AS long_qty
    FROM recompute.cycle_positions
    WHERE business_date = $business_date
    GROUP BY cycle, account_id, ticker
),
shares AS (
    SELECT
        cycle,
        account_id,
        ticker,
        held_qty,
        SUM(long_qty) OVER (PARTITION BY cycle, ticker) AS interest_qty
    FROM net
)
SELECT
    100 * shares.held_qty / shares.interest_qty AS value,
    thresholds.concentration_share_bps / 100 AS bound,
    shares.cycle || ' ' || shares.account_id || '/' || shares.ticker AS subject
FROM shares
JOIN recompute.thresholds AS thresholds
    ON thresholds.business_date = $business_date
    AND shares.interest_qty >= thresholds.concentration_least_qty
WHERE shares.interest_qty > 0
ORDER BY 1 DESC, 3
LIMIT 1
