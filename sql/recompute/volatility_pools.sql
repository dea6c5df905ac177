-- grain: one row per category and bucket of time to resolution that has ever had an observation
-- meaning: squared volatility ratios pooled over events, 1 for a price that must end at 0 or 1: the moving average of the daily means, the highest of those averages so far (stress), and the mean of the last ten years
-- owner: risk
-- column bucket: 0 up to 2 days to resolution, 1 up to 7, 2 up to 30, 3 up to 90, 4 beyond
-- column observed_events: events observed that day
-- column sum_of_observations_e12: sum of their observations
-- column moving_average: moving average of the daily means, decay 0.97 per day with observations
-- column stress: highest moving average so far
-- column ten_years: mean over the event-days of the last ten years
-- column observations: event-days so far
WITH today AS (
    SELECT
        category,
        bucket,
        COUNT(*) AS observed_events,
        SUM(observation_e12) AS sum_of_observations_e12
    FROM recompute.volatility_observations
    WHERE business_date = $business_date
    GROUP BY category, bucket
),
history AS (
    SELECT
        category,
        bucket,
        SUM(observed_events) AS observed_events,
        SUM(sum_of_observations_e12) AS sum_of_observations_e12
    FROM recompute.volatility_pools
    WHERE business_date < $business_date
        AND business_date > CAST($business_date AS DATE) - INTERVAL 10 YEAR
    GROUP BY category, bucket
),
carried AS (
    SELECT
        pools.category,
        pools.bucket,
        pools.moving_average,
        pools.stress,
        pools.observations
    FROM recompute.volatility_pools AS pools
    JOIN recompute.days AS days
        ON days.previous_business_date = pools.business_date
    WHERE days.business_date = $business_date
),
merged AS (
    SELECT
        COALESCE(today.category, carried.category) AS category,
        COALESCE(today.bucket, carried.bucket) AS bucket,
        COALESCE(today.observed_events, 0) AS observed_events,
        COALESCE(today.sum_of_observations_e12, 0) AS sum_of_observations_e12,
        today.sum_of_observations_e12 / 1000000000000 / today.observed_events AS daily_mean,
        carried.moving_average,
        carried.stress,
        COALESCE(carried.observations, 0) AS observations
    FROM today
    FULL OUTER JOIN carried
        ON carried.category = today.category
        AND carried.bucket = today.bucket
),
averaged AS (
    SELECT
        category,
        bucket,
        observed_events,
        sum_of_observations_e12,
        CASE
            WHEN daily_mean IS NULL THEN moving_average
            WHEN moving_average IS NULL THEN daily_mean
            ELSE 0.97 * moving_average + 0.03 * daily_mean
        END AS moving_average,
        stress,
        observations
    FROM merged
)
SELECT
    CAST($business_date AS DATE) AS business_date,
    averaged.category,
    averaged.bucket,
    averaged.observed_events,
    CAST(averaged.sum_of_observations_e12 AS BIGINT) AS sum_of_observations_e12,
    averaged.moving_average,
    GREATEST(averaged.moving_average, COALESCE(averaged.stress, averaged.moving_average)) AS stress,
    -- A pool that is carried has observations, but perhaps none in ten years.
    COALESCE(
        (averaged.sum_of_observations_e12 + COALESCE(history.sum_of_observations_e12, 0)) / 1000000000000
        / NULLIF(averaged.observed_events + COALESCE(history.observed_events, 0), 0),
        0
    ) AS ten_years,
    CAST(averaged.observations + averaged.observed_events AS BIGINT) AS observations
FROM averaged
LEFT JOIN history
    ON history.category = averaged.category
    AND history.bucket = averaged.bucket
