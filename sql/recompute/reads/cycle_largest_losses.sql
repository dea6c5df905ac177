-- grain: one row per account
-- meaning: the market in which an account lost most on margin since the last end of day
SELECT account_id, ticker
FROM (
    SELECT account_id, ticker, variation_micros,
        row_number() OVER (PARTITION BY account_id ORDER BY variation_micros, ticker) AS place
    FROM recompute.cycle_positions
    WHERE business_date = $business_date AND cycle = $cycle AND collateralisation = 'margined'
)
WHERE place = 1 AND variation_micros < 0
