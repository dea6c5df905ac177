-- grain: one row per alert of a cycle
-- meaning: the alerts of the date's cycles, losses and shortfalls first
SELECT cycle, kind, subject, amount_centicents, threshold_centicents, words
FROM recompute.cycle_alerts
WHERE business_date = $day
ORDER BY cycle, kind NOT IN ('LOSS', 'SHORTFALL'), kind, subject
