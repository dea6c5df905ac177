SELECT
    layer_type AS subject,
    CAST(COUNT(*) AS VARCHAR) || ' layers draw on the same money, at positions '
        || CAST(MIN(layer_order) AS VARCHAR) || ' to ' || CAST(MAX(layer_order) AS VARCHAR) AS detail,
    MIN(file_sha256) AS file_sha256,
    MAX(line) AS line
FROM validate.resources
WHERE business_date = $business_date
    AND layer_type IN ('defaulter_margin', 'defaulter_fund', 'survivors_fund', 'gains_haircut')
GROUP BY layer_type
HAVING COUNT(*) > 1
