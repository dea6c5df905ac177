-- grain: one row per portfolio
-- meaning: the multiples of margin, in hundredths rounded up, that would have covered the required share of the window's losses of model-driven books and every loss of them, by nearest rank; NULL where a loss stands against no margin
WITH multiples AS (
    SELECT
        portfolio,
        CASE
            WHEN loss_micros <= 0 THEN 0
            WHEN margin_centicents > 0
                THEN (loss_micros + margin_centicents - 1) // margin_centicents
        END AS hundredths
    FROM stress.backtest_observations
    WHERE business_date BETWEEN $first AND $last AND at_liquidation
        AND margin_centicents < worst_case_centicents
),
ranked AS (
    SELECT
        portfolio,
        hundredths,
        ROW_NUMBER() OVER (PARTITION BY portfolio ORDER BY hundredths NULLS LAST) AS place,
        COUNT(*) OVER (PARTITION BY portfolio) AS observations
    FROM multiples
),
levels AS (
    SELECT portfolio, MAX(required_coverage_bps) AS level
    FROM stress.backtest_results
    WHERE business_date = (
        SELECT MAX(business_date) FROM stress.backtest_results WHERE business_date BETWEEN $first AND $last
    )
    GROUP BY portfolio
)
SELECT
    ranked.portfolio,
    MAX(ranked.hundredths) FILTER (
        WHERE ranked.place = (ranked.observations * levels.level + 9999) // 10000
    ) AS for_level,
    MAX(ranked.hundredths) FILTER (WHERE ranked.place = ranked.observations) AS for_every_loss
FROM ranked
JOIN levels ON levels.portfolio = ranked.portfolio
GROUP BY ranked.portfolio
ORDER BY ranked.portfolio
