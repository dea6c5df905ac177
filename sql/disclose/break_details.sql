-- grain: one row per account with a margin break
-- meaning: the exact split of charged less recomputed margin into causes; the splits sum to the difference
-- owner: risk
SELECT
    business_date,
    account_id,
    member_id,
    status,
    cause,
    venue_initial_centicents,
    recomputed_initial_centicents,
    COALESCE(venue_initial_centicents, 0)
        - COALESCE(recomputed_initial_centicents, 0) AS difference_centicents,
    position_effect_centicents,
    mark_effect_centicents,
    netting_effect_centicents,
    parameter_effect_centicents,
    residual_centicents
FROM recompute.margin_breaks
WHERE business_date = $business_date
    AND status <> 'MATCH'
ORDER BY
    ABS(COALESCE(venue_initial_centicents, 0) - COALESCE(recomputed_initial_centicents, 0)) DESC,
    account_id
