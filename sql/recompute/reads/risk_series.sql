-- grain: one row per series, trading date and delivery
-- meaning: broader risk series up to the date; the latest delivery of a value counts, and a value may arrive on any later date. The tables of futures exchanges, one series per contract and measure, are no risk series
SELECT series_id, trading_date, value
FROM validate.benchmarks
WHERE business_date <= $business_date AND measure = 'value'
    AND trading_date > $after AND trading_date <= $business_date
ORDER BY series_id, trading_date, business_date
