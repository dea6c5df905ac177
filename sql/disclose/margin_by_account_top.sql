-- grain: one row per account, the 50 with the largest initial margin
-- meaning: the largest accounts with the parts of their recomputed margin
-- owner: risk
WITH ranked AS (
    SELECT
        account_id,
        member_id,
        origin,
        worst_case_centicents,
        jump_to_resolution_centicents,
        core_centicents,
        initial_margin_centicents,
        collateral_value_centicents,
        ROW_NUMBER() OVER (ORDER BY initial_margin_centicents DESC, account_id) AS rank_by_margin,
        COUNT(*) OVER () AS accounts
    FROM recompute.account_margin
    WHERE business_date = $business_date
)
SELECT
    CAST($business_date AS DATE) AS business_date,
    rank_by_margin,
    accounts,
    account_id,
    member_id,
    origin,
    worst_case_centicents,
    jump_to_resolution_centicents,
    core_centicents,
    initial_margin_centicents,
    collateral_value_centicents
FROM ranked
WHERE rank_by_margin <= 50
ORDER BY rank_by_margin
