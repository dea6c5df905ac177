-- grain: one row per layer
-- meaning: the layers of financial resources that the clearing house reports, in order of use
SELECT
    layer_order,
    layer_id,
    layer_type,
    amount_centicents,
    COALESCE(cap_multiple_bps, 0) AS cap_multiple_bps,
    prefunded,
    words,
    COALESCE(period_cap_multiple_bps, 0) AS period_cap_multiple_bps,
    COALESCE(least_centicents, 0) AS least_centicents,
    COALESCE(fund_share_bps, 0) AS fund_share_bps,
    COALESCE(segment, '') AS segment
FROM validate.resources
WHERE business_date = $business_date
ORDER BY layer_order
