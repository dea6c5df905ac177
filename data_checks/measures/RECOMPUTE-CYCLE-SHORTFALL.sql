-- value: largest shortfall of an account, of all cycles, dollars
-- bound: call_threshold_centicents of the margin schedule, dollars
-- must be: at most
SELECT
    margin.shortfall_centicents / 10000 AS value,
    CAST(schedules.parameters ->> '$.call_threshold_centicents' AS BIGINT) / 10000 AS bound,
    margin.cycle || ' ' || margin.account_id AS subject
FROM recompute.cycle_margin AS margin
JOIN validate.margin_schedule AS schedules
    ON schedules.business_date = margin.business_date
    AND schedules.version = margin.schedule_version
WHERE margin.business_date = $business_date
ORDER BY margin.shortfall_centicents DESC, 3
LIMIT 1
