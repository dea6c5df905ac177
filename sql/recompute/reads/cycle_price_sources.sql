-- grain: one row per market
-- meaning: file and line of the venue's price of each market at an intraday cycle
SELECT ticker, file_sha256, line
FROM recompute.cycle_marks
WHERE business_date = $business_date AND cycle = $cycle
