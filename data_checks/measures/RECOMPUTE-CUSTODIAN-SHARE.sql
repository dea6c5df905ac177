-- value: share of all collateral at the largest custodian, per cent
-- bound: custodian_share_bps of data_checks/thresholds.yaml, per cent
-- must be: at most
SELECT
    metrics.value / 100 AS value,
    thresholds.custodian_share_bps / 100 AS bound,
    metrics.scope AS subject
FROM recompute.metrics AS metrics
JOIN recompute.thresholds AS thresholds
    ON thresholds.business_date = metrics.business_date
WHERE metrics.business_date = $business_date
    AND metrics.metric = 'collateral_share'
    AND metrics.scope_kind = 'custodian'
ORDER BY metrics.value DESC, metrics.scope
LIMIT 1
