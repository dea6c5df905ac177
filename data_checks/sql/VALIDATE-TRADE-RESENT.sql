SELECT
    landed.trade_id AS subject,
    'arrived again and is not counted again' AS detail,
    landed.file_sha256,
    landed.line
FROM land.trades AS landed
JOIN land.files AS files
    ON files.business_date = landed.business_date
    AND files.file_sha256 = landed.file_sha256
    AND files.status = 'LANDED'
LEFT JOIN validate.trades AS kept
    ON kept.business_date = landed.business_date
    AND kept.file_sha256 = landed.file_sha256
    AND kept.line = landed.line
WHERE landed.business_date = $business_date
    AND kept.trade_id IS NULL
