-- value: lowest coverage of losses over the liquidation period, per cent
-- bound: coverage_bps of data_checks/thresholds.yaml, per cent
-- must be: at least
SELECT
    100 * (observations - breaches) / observations AS value,
    required_coverage_bps / 100 AS bound,
    portfolio || '/' || bucket AS subject
FROM stress.backtest_results
WHERE business_date = $business_date
    AND horizon = 'liquidation period'
    AND books = 'model-driven'
    AND coverage_verdict <> 'no verdict'
    AND observations * (10000 - required_coverage_bps) >= 10000
ORDER BY 1, portfolio, bucket
LIMIT 1
