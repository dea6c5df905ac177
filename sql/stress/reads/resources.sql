-- grain: one row per layer
-- meaning: the layers of financial resources that the clearing house reports, in order of use
SELECT layer_order, layer_id, layer_type, amount_centicents,
    COALESCE(cap_multiple_bps, 0) AS cap_multiple_bps, prefunded, words
FROM validate.resources
WHERE business_date = $business_date
ORDER BY layer_order
