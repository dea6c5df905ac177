-- grain: one row per business date
-- meaning: thresholds of the metrics in force on the date
SELECT business_date, utilisation_bps, custodian_share_bps, volatility_coverage_bps
FROM recompute.thresholds
WHERE business_date BETWEEN $first AND $last
ORDER BY business_date
