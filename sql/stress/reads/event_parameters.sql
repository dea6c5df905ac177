-- grain: one row per event
-- meaning: volatility and liquidation days of each event; of separate binaries the largest
SELECT event_ticker, MAX(sigma) AS sigma, MAX(liquidation_days) AS liquidation_days
FROM recompute.event_parameters
WHERE business_date = $business_date
GROUP BY event_ticker
