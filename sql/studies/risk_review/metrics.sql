-- grain: one row per business date, metric and scope
-- meaning: metrics of the venue, of a measure or of a custodian
SELECT business_date, metric, scope_kind, scope, value
FROM recompute.metrics
WHERE business_date BETWEEN $first AND $last
    AND scope_kind IN ('venue', 'measure', 'custodian')
ORDER BY business_date, metric, scope_kind, scope
