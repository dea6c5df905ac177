-- grain: one row per landed file
-- meaning: hashes of the files that the date was made from
SELECT file_sha256
FROM land.files
WHERE business_date = $business_date AND status = 'LANDED'
ORDER BY file_sha256
