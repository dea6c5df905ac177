-- grain: one row per file
-- meaning: the files of some dates that need not be landed again: a refused file may come again with a manifest that fits it
SELECT business_date, name, file_sha256
FROM land.files
WHERE LIST_CONTAINS(CAST($days AS DATE[]), business_date)
    AND (status IS NULL OR status <> 'REFUSED')
