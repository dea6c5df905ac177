-- grain: one row per portfolio, horizon, bucket, books and draw
-- meaning: counts of observations and breaches over the window by resolution cluster, and the same by date; books of one portfolio and horizon together, those of accounts also by bucket, and model-driven books also apart from those at their worst case. Counts of an older lake, whose ratios carry no confidence level, have no sum for Z2; those without the books apart are only in the groups of all books
WITH counts AS (
    SELECT *
    FROM stress.backtest_counts
    WHERE business_date = $business_date
    UNION ALL BY NAME
    SELECT *
    FROM counts_then
),
placed AS (
    SELECT *, 'all' AS place
    FROM counts
    UNION ALL
    SELECT *, bucket AS place
    FROM counts
    WHERE portfolio = 'accounts' AND horizon = 'liquidation period'
),
groups AS (
    SELECT *, 'all' AS chosen
    FROM placed
    UNION ALL
    SELECT *, books AS chosen
    FROM placed
    WHERE books IS NOT NULL
)
SELECT portfolio, horizon, place, chosen, cluster, business_date,
    MAX(longest_days) AS longest_days,
    SUM(COALESCE(
        other_horizon_observations, CASE WHEN horizon = 'next close' THEN observations ELSE 0 END
    )) AS other_horizon_observations,
    SUM(observations) AS observations, SUM(breaches) AS breaches,
    SUM(jump_breaches) AS jump_breaches, SUM(uncovered_micros) AS uncovered_micros,
    MAX(peak_uncovered_micros) AS peak_uncovered_micros,
    COALESCE(SUM(shortfall_observations) FILTER (WHERE z2_sum_e9 IS NOT NULL), 0)
        AS shortfall_observations,
    COALESCE(SUM(z2_sum_e9), 0) AS z2_sum_e9, SUM(margin_centicents) AS margin_centicents,
    SUM(what_if_observations) AS what_if_observations,
    SUM(one_day_margin_centicents) AS one_day_margin_centicents,
    SUM(one_day_breaches) AS one_day_breaches,
    SUM(five_day_margin_centicents) AS five_day_margin_centicents,
    SUM(five_day_breaches) AS five_day_breaches
FROM groups
GROUP BY GROUPING SETS (
    (portfolio, horizon, place, chosen, cluster), (portfolio, horizon, place, chosen, business_date)
)
ORDER BY portfolio, horizon, place, chosen, cluster, business_date
