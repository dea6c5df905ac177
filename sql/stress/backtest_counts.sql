-- grain: one row per portfolio, horizon, books, bucket of time to resolution and cluster with an observation that ended on the date
-- meaning: the observations of the backtest counted, so that tests over a year need not read them again: at the liquidation period of each book, and of accounts over the next close as well; breaches under the margin that was held, and under that of liquidation periods of one and of five days
-- owner: risk
-- column bucket: days to resolution of what was most of the book's worst case
-- column cluster: resolution cluster that lost most
-- column longest_days: longest horizon among the observations, in business dates
-- column books: model-driven, where margin is below the worst case, or at worst case
-- column other_horizon_observations: of the observations, those over another period than that of the margin
-- column observations: books
-- column breaches: books that lost more than their margin
-- column jump_breaches: of them, those that would not have without the contracts that settled
-- column uncovered_micros: losses above margin
-- column peak_uncovered_micros: the largest of them
-- column shortfall_observations: observations that are held against an expected shortfall
-- column z2_sum_e9: of these, loss over expected shortfall and over the chance of a loss above value at risk where there is one, in whole 1e-9
-- column margin_centicents: margin held
-- column what_if_observations: books with margin at one and five days
-- column one_day_margin_centicents: margin of these at one day
-- column one_day_breaches: of these, books that lost more than that
-- column five_day_margin_centicents: margin of these at five days
-- column five_day_breaches: of these, books that lost more than that
WITH observed AS (
    SELECT *, 'liquidation period' AS horizon
    FROM stress.backtest_observations
    WHERE business_date = $business_date
        AND at_liquidation
    UNION ALL
    SELECT *, 'next close' AS horizon
    FROM stress.backtest_observations
    WHERE business_date = $business_date
        AND horizon_days = 1
        AND portfolio = 'accounts'
)
SELECT
    CAST($business_date AS DATE) AS business_date,
    portfolio,
    horizon,
    CASE
        WHEN margin_centicents < worst_case_centicents THEN 'model-driven' ELSE 'at worst case'
    END AS books,
    bucket,
    cluster,
    MAX(horizon_days) AS longest_days,
    COUNT(*) AS observations,
    COUNT(*) FILTER (WHERE NOT at_liquidation) AS other_horizon_observations,
    COUNT(*) FILTER (WHERE breach) AS breaches,
    COUNT(*) FILTER (WHERE cause = 'jump') AS jump_breaches,
    CAST(SUM(uncovered_micros) AS BIGINT) AS uncovered_micros,
    MAX(uncovered_micros) AS peak_uncovered_micros,
    COUNT(observed.shortfall_ratio_e9) AS shortfall_observations,
    CAST(COALESCE(SUM(observed.shortfall_ratio_e9), 0) AS BIGINT) AS z2_sum_e9,
    CAST(SUM(margin_centicents) AS BIGINT) AS margin_centicents,
    COUNT(one_day_margin_centicents) AS what_if_observations,
    CAST(COALESCE(SUM(one_day_margin_centicents), 0) AS BIGINT) AS one_day_margin_centicents,
    COUNT(*) FILTER (WHERE loss_micros > one_day_margin_centicents * 100) AS one_day_breaches,
    CAST(COALESCE(SUM(five_day_margin_centicents), 0) AS BIGINT) AS five_day_margin_centicents,
    COUNT(*) FILTER (WHERE loss_micros > five_day_margin_centicents * 100) AS five_day_breaches
FROM observed
GROUP BY ALL
