-- grain: one row per asset type
-- meaning: collateral held, its haircut and its value after haircut (floored per holding)
-- owner: treasury
SELECT
    CAST($business_date AS DATE) AS business_date,
    asset_type,
    COUNT(*) AS holdings,
    COUNT(DISTINCT account_id) AS accounts,
    MIN(haircut_bps) AS lowest_haircut_bps,
    MAX(haircut_bps) AS highest_haircut_bps,
    CAST(SUM(value_centicents) AS BIGINT) AS value_centicents,
    CAST(SUM(value_centicents - value_centicents * (10000 - haircut_bps) // 10000) AS BIGINT)
        AS haircut_centicents,
    CAST(SUM(value_centicents * (10000 - haircut_bps) // 10000) AS BIGINT) AS value_after_haircut_centicents
FROM validate.collateral
WHERE business_date = $business_date
GROUP BY asset_type
ORDER BY value_centicents DESC, asset_type
