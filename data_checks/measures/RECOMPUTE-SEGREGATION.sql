-- value: segregated assets of the member with the smallest excess over its client liabilities, dollars
-- bound: client liabilities of that member, dollars
-- must be: at least
SELECT
    held.value / 10000 AS value,
    owed.value / 10000 AS bound,
    owed.scope AS subject
FROM recompute.metrics AS owed
JOIN recompute.metrics AS held
    ON held.scope_kind = owed.scope_kind
    AND held.scope = owed.scope
    AND held.business_date = owed.business_date
WHERE owed.business_date = $business_date
    AND owed.metric = 'client_liabilities'
    AND owed.scope_kind = 'member'
    AND held.metric = 'segregated_assets'
ORDER BY held.value - owed.value, owed.scope
LIMIT 1
