-- grain: one row per series and trading date
-- meaning: values of the broader risk series up to the window's end, as text; a value delivered twice counts as delivered last, and the two weeks before the window show whether its first value is stale
WITH ranked AS (
    SELECT
        series_id,
        trading_date,
        value,
        ROW_NUMBER() OVER (
            PARTITION BY series_id, trading_date ORDER BY business_date DESC, value
        ) AS place
    FROM validate.benchmarks
    WHERE business_date <= $last
        AND trading_date <= $last
        AND trading_date >= $first - INTERVAL 14 DAY
        AND measure = 'value'
)
SELECT series_id, trading_date, value
FROM ranked
WHERE place = 1
ORDER BY series_id, trading_date
