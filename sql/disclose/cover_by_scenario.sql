-- grain: one row per stress scenario
-- meaning: losses of all groups; Cover-1 and Cover-2, each against prefunded resources without the defaulters' own; and the smallest number of groups that exhaust prefunded resources
-- owner: risk
WITH losses AS (
    SELECT
        scenario_id,
        CAST(SUM(CASE WHEN stressed_loss_centicents > 0 THEN stressed_loss_centicents ELSE 0 END) AS BIGINT)
            AS gross_loss_centicents,
        CAST(SUM(shortfall_centicents) AS BIGINT) AS total_shortfall_centicents,
        COUNT(CASE WHEN shortfall_centicents > 0 THEN 1 END) AS groups_short
    FROM stress.group_losses
    WHERE business_date = $business_date
    GROUP BY scenario_id
)
SELECT
    cover.business_date,
    cover.scenario_id,
    cover.family,
    cover.words,
    scenarios.event_ticker,
    scenarios.category,
    scenarios.state_label,
    COALESCE(losses.gross_loss_centicents, 0) AS gross_loss_centicents,
    COALESCE(losses.total_shortfall_centicents, 0) AS total_shortfall_centicents,
    COALESCE(losses.groups_short, 0) AS groups_short,
    cover.cover_1_centicents,
    cover.cover_1_group,
    cover.cover_1_prefunded_centicents,
    cover.cover_1_covered,
    -- Empty on dates stressed before assessments stood apart.
    cover.cover_1_covered_with_assessments,
    cover.cover_2_centicents,
    cover.cover_2_groups,
    cover.prefunded_centicents,
    -- Empty on dates stressed before assessments were counted.
    COALESCE(cover.assessments_centicents, 0) AS assessments_centicents,
    cover.covered,
    cover.covered_with_assessments,
    cover.exhausted_by
FROM stress.cover AS cover
LEFT JOIN stress.scenarios AS scenarios
    ON scenarios.scenario_id = cover.scenario_id
    AND scenarios.business_date = cover.business_date
LEFT JOIN losses ON losses.scenario_id = cover.scenario_id
WHERE cover.business_date = $business_date
ORDER BY
    cover.cover_2_centicents DESC,
    cover.cover_1_centicents DESC,
    gross_loss_centicents DESC,
    cover.scenario_id
