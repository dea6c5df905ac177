-- grain: one row, or none
-- meaning: the account's margin as charged and as recomputed at a cycle or at the end of the day (EOD), the effects that sum to the difference, and the venue's row
WITH breaks AS (
    SELECT 'EOD' AS cycle, business_date, account_id, member_id, status, cause,
        venue_initial_centicents, recomputed_initial_centicents, difference_centicents,
        position_effect_centicents, mark_effect_centicents, netting_effect_centicents,
        parameter_effect_centicents, residual_centicents, venue_worst_case_centicents,
        recomputed_worst_case_centicents, venue_core_centicents, recomputed_core_centicents,
        venue_schedule_version, schedule_version, file_sha256, line
    FROM recompute.margin_breaks
    WHERE business_date = $day
    UNION ALL
    SELECT cycle, business_date, account_id, member_id, status, cause,
        venue_initial_centicents, recomputed_initial_centicents, difference_centicents,
        position_effect_centicents, mark_effect_centicents, netting_effect_centicents,
        parameter_effect_centicents, residual_centicents, venue_worst_case_centicents,
        recomputed_worst_case_centicents, venue_core_centicents, recomputed_core_centicents,
        venue_schedule_version, schedule_version, file_sha256, line
    FROM recompute.cycle_breaks
    WHERE business_date = $day
)
SELECT
    breaks.member_id,
    breaks.status,
    breaks.cause,
    breaks.venue_initial_centicents,
    breaks.recomputed_initial_centicents,
    breaks.difference_centicents,
    breaks.position_effect_centicents,
    breaks.mark_effect_centicents,
    breaks.netting_effect_centicents,
    breaks.parameter_effect_centicents,
    breaks.residual_centicents,
    breaks.venue_worst_case_centicents,
    breaks.recomputed_worst_case_centicents,
    breaks.venue_core_centicents,
    breaks.recomputed_core_centicents,
    breaks.venue_schedule_version,
    breaks.schedule_version,
    files.name AS file_name,
    breaks.line
FROM breaks
LEFT JOIN land.files AS files
    ON files.business_date = breaks.business_date
    AND files.file_sha256 = breaks.file_sha256
WHERE breaks.cycle = $cycle AND breaks.account_id = $account
