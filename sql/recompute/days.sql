-- grain: one row per business date
-- meaning: the dates that were recomputed, each with those before it, from which positions are carried and liquidation periods counted
-- owner: risk
-- column previous_business_date: latest date recomputed before it, empty on the first
-- column earlier_business_dates: up to 365 dates recomputed before it, latest first, with a space between
WITH earlier AS (
    SELECT days.business_date
    FROM recompute.days AS days
    WHERE days.business_date < $business_date
    ORDER BY days.business_date DESC
    LIMIT 365
)
SELECT
    CAST($business_date AS DATE) AS business_date,
    MAX(earlier.business_date) AS previous_business_date,
    COALESCE(
        STRING_AGG(STRFTIME(earlier.business_date, '%Y-%m-%d'), ' ' ORDER BY earlier.business_date DESC), ''
    ) AS earlier_business_dates
FROM earlier
