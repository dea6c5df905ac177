-- grain: one row, or none
-- meaning: the scenario of the date with the largest Cover-2, and how many scenarios were run; covered: by prefunded resources alone
SELECT
    words,
    cover_2_centicents,
    prefunded_centicents,
    covered,
    COUNT(*) OVER () AS scenarios
FROM stress.cover
WHERE business_date = $day
ORDER BY cover_2_centicents DESC, scenario_id
LIMIT 1
