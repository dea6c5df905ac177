-- grain: one row per portfolio, horizon, bucket of time to resolution and need of model-driven observations that ended on the date
-- meaning: how much of their margin the observed losses would have needed, so that quantiles over a year need not read the observations again; only of books with a margin below their worst case
-- owner: risk
-- column bucket: days to resolution of what was most of the book's worst case
-- column margin_needed_bps: loss as a share of the margin held, rounded up to a whole per cent, 0 for a gain; empty where a loss stands against no margin
-- column observations: books
WITH observed AS (
    SELECT *, 'liquidation period' AS horizon
    FROM stress.backtest_observations
    WHERE business_date = $business_date
        AND at_liquidation
    UNION ALL
    SELECT *, 'next close' AS horizon
    FROM stress.backtest_observations
    WHERE business_date = $business_date
        AND horizon_days = 1
        AND portfolio = 'accounts'
)
SELECT
    CAST($business_date AS DATE) AS business_date,
    portfolio,
    horizon,
    bucket,
    CAST(CASE
        WHEN loss_micros <= 0 THEN 0
        -- A centicent is 100 micros, and a per cent of it one micro.
        WHEN margin_centicents > 0
            THEN (CAST(loss_micros AS HUGEINT) + margin_centicents - 1) // margin_centicents * 100
    END AS BIGINT) AS margin_needed_bps,
    COUNT(*) AS observations
FROM observed
WHERE margin_centicents < worst_case_centicents
GROUP BY ALL
