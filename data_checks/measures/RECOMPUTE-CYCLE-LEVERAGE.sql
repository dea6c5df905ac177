-- value: largest worst case of a margined book over its initial margin over all cycles, times
-- bound: leverage_bps of data_checks/thresholds.yaml, times
-- must be: at most
SELECT
    -- Amounts are booked up to the centicent, of 100 micros.
    ((margin.margined_worst_case_micros + 99) // 100) / margin.margined_initial_centicents AS value,
    thresholds.leverage_bps / 10000 AS bound,
    margin.cycle || ' ' || margin.account_id AS subject
FROM recompute.cycle_margin AS margin
JOIN recompute.thresholds AS thresholds
    ON thresholds.business_date = margin.business_date
WHERE margin.business_date = $business_date
    AND margin.margined_initial_centicents > 0
ORDER BY 1 DESC, 3
LIMIT 1
