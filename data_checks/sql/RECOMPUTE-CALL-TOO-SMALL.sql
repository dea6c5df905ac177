SELECT
    account_id AS subject,
    'called ' || CAST(called_centicents AS VARCHAR) || ', short by '
        || CAST(recomputed_call_centicents AS VARCHAR) || ' centicents; latest call ' || call_id AS detail,
    file_sha256,
    line
FROM recompute.call_breaks
WHERE business_date = $business_date
    AND called_centicents > 0
    AND difference_centicents < 0
    AND NOT explained_by_margin
