SELECT
    owed.scope AS subject,
    'customers are owed ' || CAST(owed.value AS VARCHAR) || ' centicents, '
        || CAST(held.value AS VARCHAR) || ' are held in customer custody accounts' AS detail,
    '' AS file_sha256,
    CAST(NULL AS BIGINT) AS line
FROM recompute.metrics AS owed
JOIN recompute.metrics AS held
    ON held.scope_kind = owed.scope_kind
    AND held.scope = owed.scope
    AND held.business_date = owed.business_date
WHERE owed.business_date = $business_date
    AND owed.metric = 'client_liabilities'
    -- By member: assets above the liabilities of one do not help the customers of another.
    AND owed.scope_kind = 'member'
    AND held.metric = 'segregated_assets'
    AND owed.value > held.value
