-- grain: one row per record of the scenario library in force
-- meaning: what the library asks for, how many scenarios each record made on the date, and the reason where it made none
-- owner: risk
SELECT
    business_date,
    record_id,
    family,
    version,
    words,
    scenario_kind,
    scenario_parameters,
    scenarios,
    reason,
    owner
FROM stress.records
WHERE business_date = $business_date
ORDER BY LENGTH(family), family, record_id
