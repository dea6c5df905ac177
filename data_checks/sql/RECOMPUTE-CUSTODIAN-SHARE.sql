SELECT
    metrics.scope AS subject,
    'holds ' || CAST(metrics.value AS VARCHAR) || ' basis points of all collateral, threshold '
        || CAST(thresholds.custodian_share_bps AS VARCHAR) AS detail,
    '' AS file_sha256,
    CAST(NULL AS BIGINT) AS line
FROM recompute.metrics AS metrics
JOIN recompute.thresholds AS thresholds
    ON thresholds.business_date = metrics.business_date
WHERE metrics.business_date = $business_date
    AND metrics.metric = 'collateral_share'
    AND metrics.scope_kind = 'custodian'
    AND metrics.value > thresholds.custodian_share_bps
