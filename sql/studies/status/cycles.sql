-- grain: one row per intraday cycle
-- meaning: margin of the date's cycles, recomputed and as charged by the venue
SELECT
    cycles.cycle,
    COUNT(margin.account_id) AS accounts,
    SUM(margin.initial_margin_centicents) AS initial_margin_centicents,
    SUM(breaks.venue_initial_centicents) AS charged_centicents,
    SUM(margin.shortfall_centicents) AS shortfall_centicents,
    COUNT(*) FILTER (WHERE breaks.status <> 'MATCH') AS breaks
FROM recompute.cycles AS cycles
LEFT JOIN recompute.cycle_margin AS margin
    ON margin.business_date = cycles.business_date
    AND margin.cycle = cycles.cycle
LEFT JOIN recompute.cycle_breaks AS breaks
    ON breaks.business_date = margin.business_date
    AND breaks.cycle = margin.cycle
    AND breaks.account_id = margin.account_id
WHERE cycles.business_date = $day
GROUP BY cycles.cycle
ORDER BY cycles.cycle
