-- value: largest loss of a margined book over its initial margin over all cycles, per cent
-- bound: loss_share_bps of data_checks/thresholds.yaml, per cent
-- must be: at most
SELECT
    100 * GREATEST(-margin.margined_variation_centicents, 0) / margin.margined_initial_centicents AS value,
    thresholds.loss_share_bps / 100 AS bound,
    margin.cycle || ' ' || margin.account_id AS subject
FROM recompute.cycle_margin AS margin
JOIN recompute.thresholds AS thresholds
    ON thresholds.business_date = margin.business_date
WHERE margin.business_date = $business_date
    AND margin.margined_initial_centicents > 0
ORDER BY 1 DESC, 3
LIMIT 1
