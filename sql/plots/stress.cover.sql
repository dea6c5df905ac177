SELECT
    MAX(cover_1_centicents) / 10000 AS "Cover-1, dollars",
    MAX(cover_2_centicents) / 10000 AS "Cover-2, dollars",
    MIN(prefunded_centicents) / 10000 AS "prefunded resources, dollars",
    MIN(prefunded_centicents - cover_2_centicents) / 10000 AS "minimum left after Cover-2, dollars",
    COUNT(CASE WHEN NOT covered THEN 1 END) AS "scenarios not covered"
FROM stress.cover
WHERE business_date = $business_date
