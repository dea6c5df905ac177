-- grain: one row per file of another business date
-- meaning: the files that other dates have, in a fixed order: a file is landed once
SELECT sender, stream, sequence, file_sha256, business_date, status
FROM land.files
WHERE business_date <> $business_date
ORDER BY ALL
