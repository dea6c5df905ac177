-- grain: one row per collateralisation (margined, fully collateralised)
-- meaning: share of the day's trading on margin, each trade once per side
-- owner: surveillance
SELECT
    CAST($business_date AS DATE) AS business_date,
    collateralisation,
    COUNT(*) AS trade_sides,
    CAST(SUM(ABS(signed_qty)) AS BIGINT) AS volume_qty,
    COUNT(DISTINCT account_id) AS accounts,
    CAST(SUM(fee_centicents) AS BIGINT) AS fee_centicents
FROM recompute.trade_sides
WHERE business_date = $business_date
GROUP BY collateralisation
ORDER BY collateralisation DESC
