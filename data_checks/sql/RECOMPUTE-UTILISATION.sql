SELECT
    CASE WHEN margin.scope = '' THEN 'venue' ELSE margin.scope END AS subject,
    'initial margin ' || CAST(margin.value AS VARCHAR) || ' centicents, eligible collateral '
        || CAST(held.value AS VARCHAR) || ', threshold '
        || CAST(thresholds.utilisation_bps AS VARCHAR) || ' basis points' AS detail,
    '' AS file_sha256,
    CAST(NULL AS BIGINT) AS line
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
    -- Products, not the share: without any collateral there is no share.
    AND CAST(margin.value AS HUGEINT) * 10000 > CAST(held.value AS HUGEINT) * thresholds.utilisation_bps
