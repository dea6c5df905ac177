SELECT
    SUM(initial_margin_centicents) / 10000 AS "initial margin at the latest cycle, dollars",
    SUM(shortfall_centicents) / 10000 AS "shortfall at the latest cycle, dollars",
    MAX(shortfall_centicents) / 10000 AS "largest shortfall at the latest cycle, dollars",
    MIN(variation_centicents) / 10000 AS "largest loss since the last end of day, dollars"
FROM recompute.cycle_margin
WHERE business_date = $business_date
    AND cycle = (SELECT MAX(latest.cycle) FROM recompute.cycles AS latest WHERE latest.business_date = $business_date)
