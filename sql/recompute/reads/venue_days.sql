-- grain: one row per business date
-- meaning: totals of the venue on the date and on those before it, after a first one
SELECT business_date, trades, volume_qty, margined_sides, sides, margined_side_qty, side_qty,
    margined_notional_micros, notional_micros, open_interest_qty, weight_qty, open_qty,
    mean_square_e12
FROM recompute.venue_days
WHERE business_date = $business_date
UNION ALL
SELECT business_date, trades, volume_qty, margined_sides, sides, margined_side_qty, side_qty,
    margined_notional_micros, notional_micros, open_interest_qty, weight_qty, open_qty,
    mean_square_e12
FROM recompute.venue_days
WHERE business_date < $business_date AND business_date > $after
ORDER BY business_date
