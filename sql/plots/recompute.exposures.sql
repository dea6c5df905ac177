SELECT
    COUNT(CASE WHEN kind = 'LEVERAGE' THEN 1 END) AS "accounts with high leverage",
    COUNT(CASE WHEN kind = 'CONCENTRATION' THEN 1 END) AS "positions above the concentration threshold",
    COUNT(CASE WHEN kind = 'WRONG_WAY' THEN 1 END) AS "positions with wrong-way risk"
FROM recompute.exposures
WHERE business_date = $business_date
