SELECT
    layer_id AS subject,
    'stated ' || CAST(amount_centicents AS VARCHAR) || ', by its rule '
        || CAST(rule_size_centicents AS VARCHAR) || ' centicents' AS detail,
    '' AS file_sha256,
    CAST(NULL AS BIGINT) AS line
FROM stress.layers
WHERE business_date = $business_date
    AND layer_type = 'own_capital'
    AND amount_centicents > 0
    AND amount_centicents < rule_size_centicents
