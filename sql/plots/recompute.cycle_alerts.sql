SELECT
    COUNT(CASE WHEN kind IN ('LOSS', 'SHORTFALL') THEN 1 END) AS "alerts that require a call",
    COUNT(CASE WHEN kind NOT IN ('LOSS', 'SHORTFALL') THEN 1 END) AS "alerts on exposures"
FROM recompute.cycle_alerts
WHERE business_date = $business_date
    AND cycle = (SELECT MAX(latest.cycle) FROM recompute.cycles AS latest WHERE latest.business_date = $business_date)
