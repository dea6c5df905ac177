-- grain: one row per metric and scope; for accounts the ten largest values, for members the segregation metrics
-- meaning: the state of the market and of the clearing house at the end of the date, as recompute.metrics has it; formulas in docs/metrics.md
-- owner: risk
-- holds up: nothing
WITH ranked AS (
    SELECT
        metric,
        scope_kind,
        scope,
        value,
        unit,
        ROW_NUMBER() OVER (PARTITION BY metric, scope_kind ORDER BY value DESC, scope) AS place
    FROM recompute.metrics
    WHERE business_date = $business_date
        AND (
            scope_kind <> 'member'
            OR metric IN ('client_liabilities', 'segregated_assets')
        )
)
SELECT
    CAST($business_date AS DATE) AS business_date,
    metric,
    scope_kind,
    scope,
    value,
    unit,
    place
FROM ranked
WHERE scope_kind <> 'account'
    OR place <= 10
ORDER BY metric, scope_kind, place
