SELECT
    'all members' AS subject,
    'deposits from ' || CAST(MIN(deposited_centicents) AS VARCHAR) || ' to '
        || CAST(MAX(deposited_centicents) AS VARCHAR) || ' centicents, shares of risk from '
        || CAST(MIN(risk_share_bps) AS VARCHAR) || ' to '
        || CAST(MAX(risk_share_bps) AS VARCHAR) || ' bps' AS detail,
    '' AS file_sha256,
    CAST(NULL AS BIGINT) AS line
FROM stress.fund_sizing
WHERE business_date = $business_date
    AND held_qty > 0
HAVING COUNT(*) > 1
    AND MIN(deposited_centicents) > 0
    AND CAST(MAX(deposited_centicents) AS HUGEINT) * 10000
        <= CAST(MIN(deposited_centicents) AS HUGEINT) * MAX(alike_bps)
    AND MAX(risk_share_bps) * 10000 >= MIN(risk_share_bps) * MAX(unlike_bps)
