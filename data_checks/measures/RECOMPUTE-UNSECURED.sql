-- value: largest loss of an account beyond its collateral, dollars
-- bound: unsecured_least_centicents of data_checks/thresholds.yaml, dollars
-- must be: at most
SELECT
    COALESCE(metrics.value, 0) / 10000 AS value,
    thresholds.unsecured_least_centicents / 10000 AS bound,
    COALESCE(metrics.scope, 'no account') AS subject
FROM recompute.thresholds AS thresholds
LEFT JOIN recompute.metrics AS metrics
    ON metrics.business_date = thresholds.business_date
    AND metrics.metric = 'unsecured_peak'
    AND metrics.scope_kind = 'account'
WHERE thresholds.business_date = $business_date
ORDER BY 1 DESC, 3
LIMIT 1
