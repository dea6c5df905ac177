SELECT
    drill.drill_id AS subject,
    'loss ' || CAST(MAX(drill.loss_centicents) AS VARCHAR) || ', allocated '
        || CAST(SUM(layers.used_centicents) AS VARCHAR) || ', unallocated '
        || CAST(MAX(drill.unallocated_centicents) AS VARCHAR) || ' centicents' AS detail,
    '' AS file_sha256,
    CAST(NULL AS BIGINT) AS line
FROM stress.drill AS drill
JOIN stress.drill_layers AS layers
    ON layers.drill_id = drill.drill_id
    AND layers.business_date = drill.business_date
WHERE drill.business_date = $business_date
GROUP BY drill.drill_id
HAVING MAX(drill.loss_centicents) <> SUM(layers.used_centicents) + MAX(drill.unallocated_centicents)
