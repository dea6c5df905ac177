SELECT
    metrics.scope AS subject,
    'lost ' || CAST(metrics.value AS VARCHAR)
        || ' centicents since the last paid variation that its collateral does not cover, threshold '
        || CAST(thresholds.unsecured_least_centicents AS VARCHAR) AS detail,
    '' AS file_sha256,
    CAST(NULL AS BIGINT) AS line
FROM recompute.metrics AS metrics
JOIN recompute.thresholds AS thresholds
    ON thresholds.business_date = metrics.business_date
WHERE metrics.business_date = $business_date
    AND metrics.metric = 'unsecured_peak'
    AND metrics.scope_kind = 'account'
    AND metrics.value > thresholds.unsecured_least_centicents
