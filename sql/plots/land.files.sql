SELECT
    SUM(rows_good) AS "rows that are good",
    SUM(rows_read - rows_good) AS "rows that are not",
    COUNT(CASE WHEN status NOT IN ('LANDED', 'DUPLICATE') THEN 1 END) AS "files that were not landed"
FROM land.files
WHERE business_date = $business_date
