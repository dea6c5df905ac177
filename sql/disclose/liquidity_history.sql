-- grain: one row per currency and number of failing payers
-- meaning: of the 30 latest loaded business dates, the one with the least liquid resources left, its failing groups and scenario, and the minimum hours that resources lasted on any of them
-- owner: risk
WITH dated AS (
    SELECT
        business_date AS history_date,
        currency,
        failing_payers,
        affiliate_groups,
        scenario_id,
        least_left_centicents,
        hours_survived,
        DENSE_RANK() OVER (ORDER BY business_date DESC) AS age_rank
    FROM stress.liquidity
    WHERE business_date <= $business_date
),
ranked AS (
    SELECT
        history_date,
        currency,
        failing_payers,
        affiliate_groups,
        scenario_id,
        least_left_centicents,
        MIN(hours_survived) OVER (PARTITION BY currency, failing_payers) AS least_hours_survived,
        COUNT(*) OVER (PARTITION BY currency, failing_payers) AS days,
        ROW_NUMBER() OVER (
            PARTITION BY currency, failing_payers
            ORDER BY least_left_centicents, history_date DESC
        ) AS place
    FROM dated
    WHERE age_rank <= 30
)
SELECT
    CAST($business_date AS DATE) AS business_date,
    currency,
    failing_payers,
    days,
    history_date,
    affiliate_groups,
    scenario_id,
    least_left_centicents,
    least_hours_survived
FROM ranked
WHERE place = 1
ORDER BY currency, failing_payers
