-- grain: one row per custodian and segregation of the custody account
-- meaning: collateral held, and the part of it that may be reused
-- owner: treasury
SELECT
    CAST($business_date AS DATE) AS business_date,
    custodian,
    segregation,
    COUNT(DISTINCT account_id) AS accounts,
    CAST(SUM(value_centicents) AS BIGINT) AS value_centicents,
    CAST(SUM(CASE WHEN reuse THEN value_centicents ELSE 0 END) AS BIGINT) AS reusable_centicents
FROM validate.collateral
WHERE business_date = $business_date
GROUP BY custodian, segregation
ORDER BY value_centicents DESC, custodian, segregation
