-- grain: one row per landed file
-- meaning: the input of the window
SELECT business_date, sender, stream, file_sha256, synthetic
FROM land.files
WHERE business_date BETWEEN $first AND $last AND status = 'LANDED'
ORDER BY business_date, sender, stream, file_sha256
