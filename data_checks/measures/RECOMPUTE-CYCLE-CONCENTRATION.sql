-- value: largest net position of an account over all cycles, per cent of the market's open interest
-- bound: concentration_share_bps of data_checks/thresholds.yaml, per cent
-- must be: at most
WITH interest AS (
    SELECT
        positions.cycle,
        positions.ticker,
        SUM(GREATEST(positions.closing_qty, 0)) AS interest_qty,
        MAX(thresholds.concentration_share_bps) AS share_bps
    FROM recompute.cycle_positions AS positions
    JOIN recompute.thresholds AS thresholds
        ON thresholds.business_date = positions.business_date
    WHERE positions.business_date = $business_date
    GROUP BY positions.cycle, positions.ticker
    HAVING SUM(GREATEST(positions.closing_qty, 0)) >= GREATEST(MAX(thresholds.concentration_least_qty), 1)
)
SELECT
    100 * ABS(SUM(held.closing_qty)) / MAX(interest.interest_qty) AS value,
    MAX(interest.share_bps) / 100 AS bound,
    held.cycle || ' ' || held.account_id || '/' || held.ticker AS subject
FROM recompute.cycle_positions AS held
JOIN interest
    ON interest.cycle = held.cycle
    AND interest.ticker = held.ticker
WHERE held.business_date = $business_date
GROUP BY held.cycle, held.account_id, held.ticker
ORDER BY 1 DESC, 3
LIMIT 1
