SELECT
    margin.account_id AS subject,
    'short by ' || CAST(margin.call_centicents AS VARCHAR) || ' centicents, no call' AS detail,
    '' AS file_sha256,
    CAST(NULL AS BIGINT) AS line
FROM recompute.account_margin AS margin
LEFT JOIN recompute.calls AS calls
    ON calls.account_id = margin.account_id
    AND calls.business_date = margin.business_date
LEFT JOIN recompute.margin_breaks AS breaks
    ON breaks.account_id = margin.account_id
    AND breaks.business_date = margin.business_date
WHERE margin.business_date = $business_date
    AND margin.call_centicents > 0
    AND calls.call_id IS NULL
    AND breaks.status = 'MATCH'
