-- grain: one row per portfolio, horizon, bucket and cluster
-- meaning: counts of observations and breaches over the window; books of one portfolio and horizon together, those of accounts also by bucket. Counts of an older lake, whose ratios carry no confidence level, have no sum for Z2
WITH counts AS (
    SELECT *
    FROM stress.backtest_counts
    WHERE business_date = $business_date
    UNION ALL BY NAME
    SELECT *
    FROM counts_then
),
groups AS (
    SELECT *, 'all' AS place
    FROM counts
    UNION ALL
    SELECT *, bucket AS place
    FROM counts
    WHERE portfolio = 'accounts' AND horizon = 'liquidation period'
)
SELECT portfolio, horizon, place, cluster, list(DISTINCT business_date) AS dates,
    list(DISTINCT business_date) FILTER (WHERE breaches > 0) AS breach_dates,
    MAX(longest_days) AS longest_days,
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
GROUP BY portfolio, horizon, place, cluster
ORDER BY portfolio, horizon, place, cluster
