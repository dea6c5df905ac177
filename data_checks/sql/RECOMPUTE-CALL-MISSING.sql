SELECT
    account_id AS subject,
    'short by ' || CAST(recomputed_call_centicents AS VARCHAR) || ' centicents, no call' AS detail,
    file_sha256,
    line
FROM recompute.call_breaks
WHERE business_date = $business_date
    AND called_centicents = 0
    AND NOT explained_by_margin
