SELECT
    COUNT(CASE WHEN breach THEN 1 END) AS "breaches of accounts whose horizon ended on the date",
    MAX(uncovered_micros) / 1000000 AS "largest uncovered amount, dollars"
FROM stress.backtest_observations
WHERE business_date = $business_date
    AND portfolio = 'accounts'
    AND at_liquidation
