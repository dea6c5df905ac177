SELECT
    COUNT(CASE WHEN kind = 'LEVERAGE' THEN 1 END) AS "accounts with high leverage",
    COUNT(CASE WHEN kind = 'CONCENTRATION' THEN 1 END) AS "positions that are concentrated",
    COUNT(CASE WHEN kind = 'WRONG_WAY' THEN 1 END) AS "positions that are wrong-way"
FROM recompute.exposures
WHERE business_date = $business_date
