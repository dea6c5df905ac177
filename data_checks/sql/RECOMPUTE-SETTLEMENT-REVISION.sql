WITH earlier AS (
    SELECT
        ticker,
        business_date,
        revision,
        settlement_value_centicents,
        ROW_NUMBER() OVER (PARTITION BY ticker ORDER BY business_date DESC) AS newest
    FROM recompute.settlements
    WHERE business_date < $business_date
)
SELECT
    today.ticker AS subject,
    'revision ' || CAST(today.revision AS VARCHAR) || ' pays '
        || CAST(today.settlement_value_centicents AS VARCHAR) || ', revision '
        || CAST(earlier.revision AS VARCHAR) || ' of ' || CAST(earlier.business_date AS VARCHAR)
        || ' pays ' || CAST(earlier.settlement_value_centicents AS VARCHAR) || ' centicents: '
        || CASE WHEN today.revision < earlier.revision THEN 'the earlier one prevails'
            ELSE 'the later one prevails' END AS detail,
    today.file_sha256,
    today.line
FROM validate.settlement_periods AS today
JOIN earlier
    ON earlier.ticker = today.ticker
    AND earlier.newest = 1
WHERE today.business_date = $business_date
    AND (today.revision < earlier.revision
        OR (today.revision = earlier.revision
            AND today.settlement_value_centicents <> earlier.settlement_value_centicents))
