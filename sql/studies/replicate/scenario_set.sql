-- grain: one row, none if no set was published
-- meaning: the scenario file of the date and its SHA-256
SELECT file_name, sha256
FROM recompute.scenario_sets
WHERE business_date = $business_date
