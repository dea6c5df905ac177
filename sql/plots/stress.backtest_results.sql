SELECT
    MAX(CASE WHEN horizon = 'liquidation period' THEN 100 * achieved_coverage END)
        AS "coverage over the liquidation period, per cent",
    MAX(CASE WHEN horizon = 'liquidation period' THEN 100 * clustered_lowest_coverage END)
        AS "coverage, lower end of its interval, per cent",
    MAX(required_coverage_bps) / 100 AS "coverage required, per cent",
    MAX(CASE WHEN horizon = 'liquidation period' THEN breaches END) AS "breaches over the liquidation period",
    MAX(CASE WHEN horizon = 'liquidation period' THEN jump_breaches END) AS "breaches by a jump",
    MAX(CASE WHEN horizon = 'next close' THEN 100 * achieved_coverage END) AS "coverage at the next close, per cent",
    MAX(CASE WHEN horizon = 'next close' THEN breaches END) AS "breaches by the next close"
FROM stress.backtest_results
WHERE business_date = $business_date
    AND portfolio = 'accounts'
    AND bucket = 'all'
    AND books = 'all'
