-- grain: one row per backtest breach
-- meaning: the books whose loss was above their margin, and the cause
SELECT
    business_date,
    portfolio,
    book_id,
    book_date,
    horizon_days,
    at_liquidation,
    margin_centicents AS margin,
    loss_micros,
    uncovered_micros,
    cause,
    cluster
FROM stress.backtest_observations
WHERE business_date BETWEEN $first AND $last AND breach
ORDER BY business_date, portfolio, book_id, horizon_days
