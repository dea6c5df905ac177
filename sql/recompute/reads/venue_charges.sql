-- grain: one row per account
-- meaning: the margin that the venue requires at a cycle, with the file and line that say so
SELECT account_id, worst_case_centicents, core_centicents, initial_margin_centicents,
    add_ons_centicents, schedule_version, file_sha256, line
FROM validate.margin_requirements
WHERE business_date = $business_date AND cycle = $cycle
ORDER BY account_id
