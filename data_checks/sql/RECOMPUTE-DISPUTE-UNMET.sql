SELECT
    call_id AS subject,
    'account ' || account_id || ', due ' || CAST(due_utc AS VARCHAR) || ' UTC, '
        || CAST(unmet_centicents AS VARCHAR) || ' of ' || CAST(venue_amount_centicents AS VARCHAR)
        || ' centicents not met, dispute '
        || CASE WHEN dispute_stage = '' THEN 'without a stage' ELSE 'at stage ' || dispute_stage END AS detail,
    file_sha256,
    line
FROM recompute.calls
WHERE business_date = $business_date
    AND late
    AND in_dispute
    AND unmet_centicents > 0
