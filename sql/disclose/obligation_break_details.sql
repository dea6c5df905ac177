-- grain: one row per account whose cash flow of the cycle differs
-- meaning: variation, fees and margin change: the venue's less the recomputed amount
-- owner: risk
WITH differences AS (
    SELECT
        business_date,
        account_id,
        COALESCE(venue_variation_centicents, 0)
            - COALESCE(recomputed_variation_centicents, 0) AS variation_difference_centicents,
        COALESCE(venue_fees_centicents, 0)
            - COALESCE(recomputed_fees_centicents, 0) AS fees_difference_centicents,
        COALESCE(venue_margin_change_centicents, 0)
            - COALESCE(recomputed_margin_change_centicents, 0) AS margin_change_difference_centicents
    FROM recompute.obligation_breaks
    WHERE business_date = $business_date
)
SELECT
    business_date,
    account_id,
    variation_difference_centicents,
    fees_difference_centicents,
    margin_change_difference_centicents,
    variation_difference_centicents + fees_difference_centicents
        + margin_change_difference_centicents AS net_difference_centicents
FROM differences
WHERE variation_difference_centicents <> 0
    OR fees_difference_centicents <> 0
    OR margin_change_difference_centicents <> 0
ORDER BY
    ABS(variation_difference_centicents + fees_difference_centicents
        + margin_change_difference_centicents) DESC,
    account_id
