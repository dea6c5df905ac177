-- grain: one row per portfolio, horizon and bucket
-- meaning: the share of margin that the required share of the losses of model-driven books would have needed over the window, by nearest rank, with the number of observations; empty where a loss stands against no margin
WITH needs AS (
    SELECT *
    FROM stress.backtest_needs
    WHERE business_date = $business_date
    UNION ALL BY NAME
    SELECT *
    FROM needs_then
),
groups AS (
    SELECT *, 'all' AS place
    FROM needs
    UNION ALL
    SELECT *, bucket AS place
    FROM needs
    WHERE portfolio = 'accounts' AND horizon = 'liquidation period'
),
summed AS (
    SELECT portfolio, horizon, place, margin_needed_bps, SUM(observations) AS observations
    FROM groups
    GROUP BY portfolio, horizon, place, margin_needed_bps
),
ranked AS (
    SELECT *,
        SUM(observations) OVER (
            PARTITION BY portfolio, horizon, place ORDER BY margin_needed_bps NULLS LAST
        ) AS at_or_below,
        SUM(observations) OVER (PARTITION BY portfolio, horizon, place) AS whole
    FROM summed
)
SELECT portfolio, horizon, place, ANY_VALUE(CAST(whole AS BIGINT)) AS observations,
    arg_min(struct_pack(need := margin_needed_bps), at_or_below).need AS margin_needed_bps
FROM ranked
WHERE at_or_below * 10000 >= whole * $coverage_bps
GROUP BY portfolio, horizon, place
ORDER BY portfolio, horizon, place
