-- grain: one row per event
-- meaning: volatility ratio, liquidation days and cluster of each event; of separate binaries the largest
SELECT
    event_ticker,
    MAX(volatility_ratio) AS volatility_ratio,
    MAX(liquidation_days) AS liquidation_days,
    MAX(cluster) AS cluster
FROM recompute.event_parameters
WHERE business_date = $business_date
GROUP BY event_ticker
