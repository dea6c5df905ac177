SELECT
    MAX(ABS(initial_margin_centicents - replica_initial_margin_centicents)) / 10000
        AS "largest difference between the two implementations, dollars"
FROM recompute.replica_checks
WHERE business_date = $business_date
