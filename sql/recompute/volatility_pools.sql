-- grain: one row per category and bucket of time to resolution that has ever had an observation
-- meaning: volatility of log-odds pooled over markets: the mean square of the day's returns, its moving average, the highest of those averages so far (stress), and the mean square of the last ten years; variances per day, squares in whole 1e-12 so that a sum does not hang on its order
-- owner: risk
-- column bucket: 0 up to 2 days to resolution, 1 up to 7, 2 up to 30, 3 up to 90, 4 beyond
-- column observations: markets that traded that day, had a mark the day before and are not settled
-- column sum_of_squares_e12: sum of their squared returns of log-odds
-- column variance: moving average of the mean square, decay 0.97 per day with observations
-- column stress_variance: highest moving average so far
-- column ten_year_variance: mean square over the last ten years
WITH observed AS (
    SELECT
        contracts.category,
        -- Part days count as whole ones.
        CASE
            WHEN contracts.tau_seconds <= 2 * 86400 THEN 0
            WHEN contracts.tau_seconds <= 7 * 86400 THEN 1
            WHEN contracts.tau_seconds <= 30 * 86400 THEN 2
            WHEN contracts.tau_seconds <= 90 * 86400 THEN 3
            ELSE 4
        END AS bucket,
        LEAST(GREATEST(marks.mark_centicents, 50), 9950) AS mark,
        LEAST(GREATEST(marks.previous_mark_centicents, 50), 9950) AS previous_mark
    FROM recompute.marks AS marks
    JOIN recompute.contracts AS contracts
        ON contracts.ticker = marks.ticker
        AND contracts.business_date = marks.business_date
    WHERE marks.business_date = $business_date
        AND marks.mark_source = 'trade'
        AND marks.previous_mark_centicents IS NOT NULL
        AND NOT marks.settled
),
today AS (
    SELECT
        category,
        CAST(bucket AS BIGINT) AS bucket,
        COUNT(*) AS observations,
        SUM(CAST(ROUND(
            POWER(LN(mark / (10000 - mark)) - LN(previous_mark / (10000 - previous_mark)), 2) * 1000000000000
        ) AS HUGEINT)) AS sum_of_squares_e12
    FROM observed
    GROUP BY category, bucket
),
history AS (
    SELECT
        category,
        bucket,
        SUM(observations) AS observations,
        SUM(sum_of_squares_e12) AS sum_of_squares_e12
    FROM recompute.volatility_pools
    WHERE business_date < $business_date
        AND business_date > CAST($business_date AS DATE) - INTERVAL 10 YEAR
    GROUP BY category, bucket
),
carried AS (
    SELECT
        pools.category,
        pools.bucket,
        pools.variance,
        pools.stress_variance
    FROM recompute.volatility_pools AS pools
    JOIN recompute.days AS days
        ON days.previous_business_date = pools.business_date
    WHERE days.business_date = $business_date
),
merged AS (
    SELECT
        COALESCE(today.category, carried.category) AS category,
        COALESCE(today.bucket, carried.bucket) AS bucket,
        COALESCE(today.observations, 0) AS observations,
        COALESCE(today.sum_of_squares_e12, 0) AS sum_of_squares_e12,
        today.sum_of_squares_e12 / 1000000000000 / today.observations AS mean_square,
        carried.variance AS carried_variance,
        carried.stress_variance AS carried_stress_variance
    FROM today
    FULL OUTER JOIN carried
        ON carried.category = today.category
        AND carried.bucket = today.bucket
),
averaged AS (
    SELECT
        *,
        CASE
            WHEN mean_square IS NULL THEN carried_variance
            WHEN carried_variance IS NULL THEN mean_square
            ELSE 0.97 * carried_variance + 0.03 * mean_square
        END AS variance
    FROM merged
)
SELECT
    CAST($business_date AS DATE) AS business_date,
    averaged.category,
    averaged.bucket,
    averaged.observations,
    CAST(averaged.sum_of_squares_e12 AS BIGINT) AS sum_of_squares_e12,
    averaged.variance,
    GREATEST(averaged.variance, COALESCE(averaged.carried_stress_variance, averaged.variance)) AS stress_variance,
    -- A pool that is carried has observations, but perhaps none in ten years.
    COALESCE(
        (averaged.sum_of_squares_e12 + COALESCE(history.sum_of_squares_e12, 0)) / 1000000000000
        / NULLIF(averaged.observations + COALESCE(history.observations, 0), 0),
        0
    ) AS ten_year_variance
FROM averaged
LEFT JOIN history
    ON history.category = averaged.category
    AND history.bucket = averaged.bucket
