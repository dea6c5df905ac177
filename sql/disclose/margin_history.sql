-- grain: one row per date of the history, the 250 latest up to the business date
-- meaning: total margin, recomputed and charged, with the number of breaks
-- owner: risk
WITH ours AS (
    SELECT
        business_date,
        CAST(SUM(initial_margin_centicents) AS BIGINT) AS initial_margin_centicents,
        CAST(SUM(worst_case_centicents) AS BIGINT) AS worst_case_centicents,
        ROW_NUMBER() OVER (ORDER BY business_date DESC) AS age_rank
    FROM recompute.account_margin
    WHERE business_date <= $business_date
    GROUP BY business_date
),
compared AS (
    SELECT
        business_date,
        CAST(SUM(COALESCE(venue_initial_centicents, 0)) AS BIGINT) AS charged_initial_margin_centicents,
        CAST(SUM(CASE WHEN status <> 'MATCH' THEN 1 ELSE 0 END) AS BIGINT) AS breaks
    FROM recompute.margin_breaks
    WHERE business_date <= $business_date
    GROUP BY business_date
)
SELECT
    CAST($business_date AS DATE) AS business_date,
    ours.business_date AS history_date,
    ours.initial_margin_centicents,
    compared.charged_initial_margin_centicents,
    ours.worst_case_centicents,
    compared.breaks
FROM ours
LEFT JOIN compared ON compared.business_date = ours.business_date
WHERE ours.age_rank <= 250
ORDER BY ours.business_date
