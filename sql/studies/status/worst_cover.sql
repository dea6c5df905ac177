-- grain: one row, or none
-- meaning: the scenario of the date with the largest Cover-2, and how many scenarios were run; dates of a lake that had no assessments count them as zero
SELECT
    words,
    cover_2_centicents,
    prefunded_centicents,
    COALESCE(assessments_centicents, 0) AS assessments_centicents,
    covered,
    COUNT(*) OVER () AS scenarios
FROM stress.cover
WHERE business_date = $day
ORDER BY cover_2_centicents DESC, scenario_id
LIMIT 1
