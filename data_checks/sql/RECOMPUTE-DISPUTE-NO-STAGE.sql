SELECT
    call_id AS subject,
    'account ' || account_id || ', disputed over ' || CAST(venue_amount_centicents AS VARCHAR)
        || ' centicents, no stage given' AS detail,
    file_sha256,
    line
FROM recompute.calls
WHERE business_date = $business_date
    AND state = 'disputed'
    AND TRIM(dispute_stage) = ''
