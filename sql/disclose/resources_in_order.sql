-- grain: one row per layer of the default waterfall, in order of use
-- meaning: size of each layer; where members' data determine it, the deposits of the guaranty fund
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
    resources.cap_multiple_bps,
    resources.prefunded
FROM validate.resources AS resources
CROSS JOIN fund
WHERE resources.business_date = $business_date
ORDER BY resources.layer_order, resources.layer_id
