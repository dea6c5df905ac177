SELECT
    SUM(rows_good) AS "rows kept",
    SUM(rows_read - rows_good) AS "rows quarantined",
    COUNT(CASE WHEN status NOT IN ('LANDED', 'DUPLICATE') THEN 1 END) AS "files not landed"
FROM land.files
WHERE business_date = $business_date
