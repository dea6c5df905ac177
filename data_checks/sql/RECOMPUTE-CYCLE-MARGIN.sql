SELECT
    cycle || ' ' || account_id AS subject,
    status || ': venue ' || COALESCE(CAST(venue_initial_centicents AS VARCHAR), 'nothing')
        || ', recomputed ' || CAST(recomputed_initial_centicents AS VARCHAR)
        || ' centicents of initial margin; positions ' || CAST(position_effect_centicents AS VARCHAR)
        || ', marks ' || CAST(mark_effect_centicents AS VARCHAR)
        || ', netting ' || CAST(netting_effect_centicents AS VARCHAR)
        || ', parameters ' || CAST(parameter_effect_centicents AS VARCHAR)
        || ', rest ' || CAST(residual_centicents AS VARCHAR) AS detail,
    file_sha256,
    line
FROM recompute.cycle_breaks
WHERE business_date = $business_date
    AND status <> 'MATCH'
    -- An account without positions may be charged nothing, or not at all.
    AND (recomputed_initial_centicents > 0 OR venue_initial_centicents > 0)
