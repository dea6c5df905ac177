SELECT
    account_id AS subject,
    'can lose ' || CAST(worst_case_centicents AS VARCHAR) || ' centicents in '
        || CAST(events AS VARCHAR) || ' events that resolve by ' || CAST(last_closed_date AS VARCHAR)
        || ' while no wire runs, against collateral of '
        || CAST(collateral_value_centicents AS VARCHAR) AS detail,
    '' AS file_sha256,
    CAST(NULL AS BIGINT) AS line
FROM recompute.closed_days
WHERE business_date = $business_date
    AND uncovered_centicents > 0
