SELECT
    portfolio || '/' || bucket AS subject,
    CAST(breaches AS VARCHAR) || ' breaches of ' || CAST(observations AS VARCHAR)
        || ' observations on ' || CAST(days AS VARCHAR) || ' dates, '
        || CAST(jump_breaches AS VARCHAR) || ' by a jump; ' || coverage_basis
        || CASE WHEN coverage_verdict = 'below' THEN '; chance is ruled out' ELSE '; may be chance' END
        AS detail,
    '' AS file_sha256,
    CAST(NULL AS BIGINT) AS line
FROM stress.backtest_results
WHERE business_date = $business_date
    AND horizon = 'liquidation period'
    -- Only a margin below the worst case tests the model.
    AND books = 'model-driven'
    AND coverage_verdict <> 'no verdict'
    -- With fewer observations not one breach is to be expected, and one would be too many.
    AND observations * (10000 - required_coverage_bps) >= 10000
    AND breaches * 10000 > observations * (10000 - required_coverage_bps)
