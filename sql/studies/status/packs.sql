-- grain: one row per pack
-- meaning: the PDFs of the date
SELECT file_name, pages, bytes
FROM disclose.pack_files
WHERE business_date = $day
ORDER BY file_name
