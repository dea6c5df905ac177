-- grain: one row: the fee schedule in force on the business date
-- meaning: rates of the fee formula multiplier x rate x C x P x (1 - P), and the step to which a fee is rounded up; the date of the change to centicents is the start of the third generation of the API (feeds.md)
-- owner: finance
WITH schedules AS (
    SELECT
        'FEES-1' AS fee_schedule_version,
        DATE '2021-01-01' AS effective_date,
        700 AS taker_rate_e4,
        175 AS maker_rate_e4,
        100 AS rounding_centicents
    UNION ALL
    SELECT
        'FEES-2' AS fee_schedule_version,
        DATE '2026-04-01' AS effective_date,
        700 AS taker_rate_e4,
        175 AS maker_rate_e4,
        1 AS rounding_centicents
),
ranked AS (
    SELECT
        schedules.*,
        ROW_NUMBER() OVER (ORDER BY effective_date DESC) AS newest
    FROM schedules
    WHERE effective_date <= $business_date
)
SELECT
    CAST($business_date AS DATE) AS business_date,
    fee_schedule_version,
    effective_date,
    taker_rate_e4,
    maker_rate_e4,
    rounding_centicents
FROM ranked
WHERE newest = 1
