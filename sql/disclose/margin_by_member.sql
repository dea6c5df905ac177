-- grain: one row per clearing member with margin, recomputed or charged
-- meaning: initial margin by origin, recomputed against charged, with worst-case loss, collateral after haircut and call
-- owner: risk
WITH ours AS (
    SELECT
        member_id,
        COUNT(*) AS accounts,
        CAST(SUM(CASE WHEN origin = 'house' THEN initial_margin_centicents ELSE 0 END) AS BIGINT)
            AS house_initial_margin_centicents,
        CAST(SUM(CASE WHEN origin = 'customer' THEN initial_margin_centicents ELSE 0 END) AS BIGINT)
            AS customer_initial_margin_centicents,
        CAST(SUM(initial_margin_centicents) AS BIGINT) AS initial_margin_centicents,
        CAST(SUM(worst_case_centicents) AS BIGINT) AS worst_case_centicents,
        CAST(SUM(collateral_value_centicents) AS BIGINT) AS collateral_value_centicents,
        CAST(SUM(call_centicents) AS BIGINT) AS call_centicents
    FROM recompute.account_margin
    WHERE business_date = $business_date
    GROUP BY member_id
),
compared AS (
    SELECT
        member_id,
        CAST(SUM(COALESCE(venue_initial_centicents, 0)) AS BIGINT) AS charged_initial_margin_centicents,
        CAST(SUM(CASE WHEN status <> 'MATCH' THEN 1 ELSE 0 END) AS BIGINT) AS breaks
    FROM recompute.margin_breaks
    WHERE business_date = $business_date
    GROUP BY member_id
),
spine AS (
    SELECT member_id FROM ours
    UNION
    SELECT member_id FROM compared
)
SELECT
    CAST($business_date AS DATE) AS business_date,
    spine.member_id,
    COALESCE(members.name, spine.member_id) AS member_name,
    members.affiliate_group,
    COALESCE(ours.accounts, 0) AS accounts,
    COALESCE(ours.house_initial_margin_centicents, 0) AS house_initial_margin_centicents,
    COALESCE(ours.customer_initial_margin_centicents, 0) AS customer_initial_margin_centicents,
    COALESCE(ours.initial_margin_centicents, 0) AS initial_margin_centicents,
    COALESCE(compared.charged_initial_margin_centicents, 0) AS charged_initial_margin_centicents,
    COALESCE(compared.charged_initial_margin_centicents, 0)
        - COALESCE(ours.initial_margin_centicents, 0) AS difference_centicents,
    COALESCE(compared.breaks, 0) AS breaks,
    COALESCE(ours.worst_case_centicents, 0) AS worst_case_centicents,
    COALESCE(ours.collateral_value_centicents, 0) AS collateral_value_centicents,
    COALESCE(ours.call_centicents, 0) AS call_centicents
FROM spine
LEFT JOIN ours ON ours.member_id = spine.member_id
LEFT JOIN compared ON compared.member_id = spine.member_id
LEFT JOIN validate.members AS members
    ON members.member_id = spine.member_id
    AND members.business_date = $business_date
ORDER BY initial_margin_centicents DESC, spine.member_id
