SELECT
    collateral.account_id || '/' || collateral.asset_type AS subject,
    'value ' || CAST(collateral.value_centicents AS VARCHAR) || ', haircut '
        || CAST(collateral.haircut_bps AS VARCHAR) || ' bps, account '
        || CASE WHEN accounts.account_id IS NULL THEN 'unknown' ELSE 'known' END AS detail,
    collateral.file_sha256,
    collateral.line
FROM validate.collateral AS collateral
LEFT JOIN validate.accounts AS accounts
    ON accounts.account_id = collateral.account_id
    AND accounts.business_date = collateral.business_date
WHERE collateral.business_date = $business_date
    AND (
        collateral.value_centicents < 0
        OR collateral.haircut_bps < 0
        OR collateral.haircut_bps > 10000
        OR accounts.account_id IS NULL
    )
