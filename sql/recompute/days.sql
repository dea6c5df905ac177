-- grain: one row per business date
-- meaning: the dates that were recomputed, each with the one before it, from which positions are carried
-- owner: risk
-- column business_date DATE: business date
-- column previous_business_date DATE: latest date recomputed before it, empty on the first
SELECT
    CAST($business_date AS DATE) AS business_date,
    (
        SELECT MAX(earlier.business_date)
        FROM recompute.days AS earlier
        WHERE earlier.business_date < $business_date
    ) AS previous_business_date
