-- grain: one row per book and end date
-- meaning: observations of the backtest that end within some dates
SELECT business_date, book_date, portfolio, book_id, horizon_days, margin_centicents, loss_micros,
    worst_case_centicents, at_liquidation, shortfall_ratio_e9, bucket, cluster
FROM stress.backtest_observations
WHERE business_date >= $first AND business_date <= $last
    AND CASE
        WHEN $next_close THEN horizon_days = 1 AND portfolio = 'accounts'
        ELSE at_liquidation
    END
ORDER BY portfolio, book_id, business_date
