-- grain: one row per business date
-- meaning: what the lake holds of each date: trades, findings by severity, margin breaks, recomputed margin, packs
WITH findings AS (
    SELECT business_date, severity
    FROM land.findings
    UNION ALL
    SELECT business_date, severity
    FROM validate.findings
    UNION ALL
    SELECT business_date, severity
    FROM recompute.findings
    UNION ALL
    SELECT business_date, severity
    FROM stress.findings
    UNION ALL
    SELECT business_date, severity
    FROM disclose.findings
)
SELECT
    days.business_date,
    (SELECT COUNT(*) FROM validate.trades AS trades WHERE trades.business_date = days.business_date) AS trades,
    (
        SELECT COUNT(*) FROM findings
        WHERE findings.business_date = days.business_date AND findings.severity = 'ERROR'
    ) AS errors,
    (
        SELECT COUNT(*) FROM findings
        WHERE findings.business_date = days.business_date AND findings.severity = 'WARN'
    ) AS warnings,
    (
        SELECT COUNT(*) FROM recompute.margin_breaks AS breaks
        WHERE breaks.business_date = days.business_date AND breaks.status <> 'MATCH'
    ) AS breaks,
    (
        SELECT SUM(margin.initial_margin_centicents) FROM recompute.account_margin AS margin
        WHERE margin.business_date = days.business_date
    ) AS initial_margin_centicents,
    (
        SELECT COUNT(*) FROM disclose.pack_files AS packs
        WHERE packs.business_date = days.business_date
    ) AS packs
FROM recompute.days AS days
ORDER BY days.business_date
