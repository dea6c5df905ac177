-- grain: one row per pack
-- meaning: the packs of the date as the lake has them, by file
SELECT file_name, sha256
FROM disclose.pack_files
WHERE business_date = $business_date
