-- grain: one row
-- meaning: what was landed, traded, held and margined on the date
SELECT
    (SELECT BOOL_OR(synthetic) FROM land.files WHERE business_date = $day) AS synthetic,
    (SELECT COUNT(*) FROM land.files WHERE business_date = $day) AS files,
    (SELECT COUNT(*) FROM land.files WHERE business_date = $day AND status = 'LANDED') AS landed,
    (SELECT COALESCE(SUM(rows_good), 0) FROM land.files WHERE business_date = $day) AS landed_rows,
    (SELECT COUNT(*) FROM land.quarantine WHERE business_date = $day) AS quarantined,
    (SELECT BOOL_OR(part_of_day) FROM land.progress WHERE business_date = $day) AS part_of_day,
    (SELECT COUNT(*) FROM validate.trades WHERE business_date = $day) AS trades,
    (SELECT COALESCE(SUM(count_qty), 0) FROM validate.trades WHERE business_date = $day) AS contracts_qty,
    (
        SELECT SUM(initial_margin_centicents) FROM validate.margin_requirements
        WHERE business_date = $day AND cycle = 'EOD'
    ) AS charged_centicents
