-- grain: one row per business date
-- meaning: trades, and what event volatility is measured from
SELECT business_date, trades, weight_qty, open_qty, mean_square_e12
FROM recompute.venue_days
WHERE business_date BETWEEN $first AND $last
ORDER BY business_date
