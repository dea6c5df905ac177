SELECT
    SUM(trades) AS "trades",
    SUM(volume_qty) / 100 AS "volume, contracts",
    100 * SUM(margined_notional_micros) / NULLIF(SUM(notional_micros), 0) AS "traded on margin, per cent of notional",
    SQRT(MAX(mean_square_e12)) / 1000000 AS "volatility of log-odds, a day"
FROM recompute.venue_days
WHERE business_date = $business_date
