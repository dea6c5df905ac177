-- grain: one row per currency, number of failing payers and hour after the end of the date
-- meaning: payments that fall due when the one or two largest payers fail, against qualifying liquid resources; the failing groups, the scenario and the regulatory floor are repeated every hour
-- owner: risk
SELECT
    hours.business_date,
    hours.currency,
    hours.failing_payers,
    hours.hour,
    hours.from_utc,
    hours.due_centicents,
    hours.outflow_centicents,
    -- Empty on dates stressed before it was kept, as is gross_covered.
    hours.gross_outflow_centicents,
    hours.resources_centicents,
    hours.left_centicents,
    summary.affiliate_groups,
    summary.scenario_id,
    summary.words,
    summary.least_left_centicents,
    summary.hours,
    summary.hours_survived,
    summary.covered,
    summary.gross_covered,
    summary.floor_centicents,
    summary.floor_days,
    summary.first_resources_centicents
FROM stress.liquidity_hours AS hours
JOIN stress.liquidity AS summary
    ON summary.business_date = hours.business_date
    AND summary.currency = hours.currency
    AND summary.failing_payers = hours.failing_payers
WHERE hours.business_date = $business_date
ORDER BY hours.currency, hours.failing_payers, hours.hour
