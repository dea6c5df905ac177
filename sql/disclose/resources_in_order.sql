-- grain: one row per layer of the default waterfall, in order of use
-- meaning: size of each layer; where members' data determine it, the deposits of the guaranty fund; what counts of it, own capital less operating costs
-- owner: risk
WITH fund AS (
    SELECT
        CAST(SUM(required_centicents) AS BIGINT) AS required_centicents,
        CAST(SUM(deposited_centicents) AS BIGINT) AS deposited_centicents
    FROM validate.guaranty_fund
    WHERE business_date = $business_date
)
SELECT
    resources.business_date,
    resources.layer_order,
    resources.layer_id,
    resources.layer_type,
    resources.words,
    resources.amount_centicents,
    CASE
        WHEN resources.layer_type = 'survivors_fund' THEN fund.deposited_centicents
    END AS fund_deposited_centicents,
    -- Empty on dates stressed before it was worked out.
    layers.counted_centicents,
    layers.operating_costs_centicents,
    layers.rule_size_centicents,
    resources.cap_multiple_bps,
    resources.period_cap_multiple_bps,
    resources.segment,
    resources.prefunded
FROM validate.resources AS resources
CROSS JOIN fund
LEFT JOIN stress.layers AS layers
    ON layers.business_date = resources.business_date
    AND layers.layer_id = resources.layer_id
WHERE resources.business_date = $business_date
ORDER BY resources.layer_order, resources.layer_id
