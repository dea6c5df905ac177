-- value: initial margin of all accounts, dollars
-- bound: utilisation_bps (data_checks/thresholds.yaml) of their eligible collateral, dollars
-- must be: at most
SELECT
    margin.value / 10000 AS value,
    CAST(held.value AS HUGEINT) * thresholds.utilisation_bps / 100000000 AS bound,
    'venue' AS subject
FROM recompute.metrics AS margin
JOIN recompute.metrics AS held
    ON held.scope_kind = margin.scope_kind
    AND held.scope = margin.scope
    AND held.business_date = margin.business_date
JOIN recompute.thresholds AS thresholds
    ON thresholds.business_date = margin.business_date
WHERE margin.business_date = $business_date
    AND margin.metric = 'initial_margin'
    AND margin.scope_kind = 'venue'
    AND held.metric = 'eligible_collateral'
