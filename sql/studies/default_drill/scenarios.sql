-- grain: one row per scenario
-- meaning: the scenarios of the date
SELECT scenario_id
FROM stress.scenarios
WHERE business_date = $business_date
