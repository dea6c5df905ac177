-- grain: one row per business date
-- meaning: the account with the largest unsecured exposure (of equal ones the first by name)
WITH ranked AS (
    SELECT
        business_date,
        scope,
        value,
        ROW_NUMBER() OVER (PARTITION BY business_date ORDER BY value DESC, scope) AS place
    FROM recompute.metrics
    WHERE business_date BETWEEN $first AND $last
        AND metric = 'unsecured_peak'
        AND scope_kind = 'account'
)
SELECT business_date, scope AS account_id, value
FROM ranked
WHERE place = 1
ORDER BY business_date
