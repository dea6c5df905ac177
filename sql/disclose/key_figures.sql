-- grain: one row per key figure
-- meaning: the figures of page one, on the business date and on the previous business date that has margin; empty where that date lacks the figure
-- owner: risk
WITH days AS (
    SELECT CAST($business_date AS DATE) AS business_date, 'today' AS slot
    UNION ALL
    SELECT MAX(business_date) AS business_date, 'previous' AS slot
    FROM recompute.account_margin
    WHERE business_date < $business_date
),
names AS (
    SELECT figure_order, figure, unit, words
    FROM (
        VALUES
            (1, 'accounts', 'count', 'Accounts with an open position'),
            (2, 'initial_margin', 'centicents', 'Initial margin, recomputed'),
            (3, 'charged_margin', 'centicents', 'Initial margin, charged by the venue'),
            (4, 'margin_difference', 'centicents', 'Charged less recomputed'),
            (5, 'breaks', 'count', 'Accounts with a margin break'),
            (6, 'under_charged', 'count', 'Accounts charged too little, or not at all'),
            (7, 'worst_case', 'centicents', 'Worst-case loss, all accounts'),
            (8, 'collateral', 'centicents', 'Collateral after haircut'),
            (9, 'calls', 'count', 'Margin calls'),
            (10, 'calls_amount', 'centicents', 'Amount called'),
            (11, 'calls_late', 'count', 'Calls met late'),
            (12, 'open_interest', 'qty', 'Open interest, contracts'),
            (13, 'volume', 'qty', 'Volume, contracts'),
            (14, 'trades', 'count', 'Trades'),
            (15, 'money_at_risk', 'centicents', 'Money at risk in open interest'),
            (16, 'findings_error', 'count', 'Findings of severity ERROR'),
            (17, 'findings_warn', 'count', 'Findings of severity WARN'),
            (18, 'cover_1', 'centicents', 'Cover-1: largest shortfall of one group'),
            (19, 'cover_2', 'centicents', 'Cover-2: largest shortfall of two groups'),
            (20, 'prefunded', 'centicents', 'Prefunded resources, scenario with the most left'),
            (21, 'scenarios', 'count', 'Stress scenarios run'),
            (22, 'scenarios_uncovered', 'count', 'Scenarios not covered by prefunded resources'),
            (23, 'drill_loss', 'centicents', 'Loss in the default drill'),
            (24, 'drill_unallocated', 'centicents', 'Unallocated loss in the default drill'),
            (25, 'fund_deposited', 'centicents', 'Guaranty fund, deposited')
    ) AS listed(figure_order, figure, unit, words)
),
findings AS (
    SELECT business_date, severity FROM land.findings
    UNION ALL
    SELECT business_date, severity FROM validate.findings
    UNION ALL
    SELECT business_date, severity FROM recompute.findings
    UNION ALL
    SELECT business_date, severity FROM stress.findings
),
margin AS (
    SELECT
        business_date,
        COUNT(*) AS accounts,
        CAST(SUM(initial_margin_centicents) AS BIGINT) AS initial_margin,
        CAST(SUM(worst_case_centicents) AS BIGINT) AS worst_case
    FROM recompute.account_margin
    WHERE business_date IN (SELECT business_date FROM days)
    GROUP BY business_date
),
compared AS (
    SELECT
        business_date,
        CAST(SUM(COALESCE(venue_initial_centicents, 0)) AS BIGINT) AS charged,
        CAST(SUM(COALESCE(venue_initial_centicents, 0)
            - COALESCE(recomputed_initial_centicents, 0)) AS BIGINT) AS difference,
        CAST(SUM(CASE WHEN status <> 'MATCH' THEN 1 ELSE 0 END) AS BIGINT) AS breaks,
        CAST(SUM(CASE WHEN status IN ('UNDER', 'MISSING') THEN 1 ELSE 0 END) AS BIGINT) AS under_charged
    FROM recompute.margin_breaks
    WHERE business_date IN (SELECT business_date FROM days)
    GROUP BY business_date
),
held AS (
    SELECT
        business_date,
        CAST(SUM(value_centicents * (10000 - haircut_bps) // 10000) AS BIGINT) AS collateral
    FROM validate.collateral
    WHERE business_date IN (SELECT business_date FROM days)
    GROUP BY business_date
),
called AS (
    SELECT
        business_date,
        COUNT(*) AS calls,
        CAST(SUM(venue_amount_centicents) AS BIGINT) AS amount,
        CAST(SUM(CASE WHEN late THEN 1 ELSE 0 END) AS BIGINT) AS late
    FROM recompute.calls
    WHERE business_date IN (SELECT business_date FROM days)
        AND call_id IS NOT NULL
    GROUP BY business_date
),
interest AS (
    SELECT
        business_date,
        CAST(SUM(open_interest_qty) AS BIGINT) AS open_interest,
        CAST(SUM(volume_qty) AS BIGINT) AS volume,
        CAST(SUM(trades) AS BIGINT) AS trades,
        CAST(SUM(money_at_risk_centicents) AS BIGINT) AS money_at_risk
    FROM recompute.open_interest
    WHERE business_date IN (SELECT business_date FROM days)
    GROUP BY business_date
),
covered AS (
    SELECT
        business_date,
        MAX(cover_1_centicents) AS cover_1,
        MAX(cover_2_centicents) AS cover_2,
        MAX(prefunded_centicents) AS prefunded,
        COUNT(*) AS scenarios,
        CAST(SUM(CASE WHEN covered THEN 0 ELSE 1 END) AS BIGINT) AS uncovered
    FROM stress.cover
    WHERE business_date IN (SELECT business_date FROM days)
    GROUP BY business_date
),
drilled AS (
    SELECT
        business_date,
        MAX(loss_centicents) AS loss,
        MAX(unallocated_centicents) AS unallocated
    FROM stress.drill
    WHERE business_date IN (SELECT business_date FROM days)
    GROUP BY business_date
),
fund AS (
    SELECT business_date, CAST(SUM(deposited_centicents) AS BIGINT) AS deposited
    FROM validate.guaranty_fund
    WHERE business_date IN (SELECT business_date FROM days)
    GROUP BY business_date
),
counted AS (
    SELECT
        days.business_date,
        COUNT(CASE WHEN findings.severity = 'ERROR' THEN 1 END) AS findings_error,
        COUNT(CASE WHEN findings.severity = 'WARN' THEN 1 END) AS findings_warn
    FROM days
    LEFT JOIN findings ON findings.business_date = days.business_date
    GROUP BY days.business_date
),
figures AS (
    SELECT business_date, 'accounts' AS figure, accounts AS value FROM margin
    UNION ALL SELECT business_date, 'initial_margin', initial_margin FROM margin
    UNION ALL SELECT business_date, 'worst_case', worst_case FROM margin
    UNION ALL SELECT business_date, 'charged_margin', charged FROM compared
    UNION ALL SELECT business_date, 'margin_difference', difference FROM compared
    UNION ALL SELECT business_date, 'breaks', breaks FROM compared
    UNION ALL SELECT business_date, 'under_charged', under_charged FROM compared
    UNION ALL SELECT business_date, 'collateral', collateral FROM held
    UNION ALL SELECT business_date, 'calls', calls FROM called
    UNION ALL SELECT business_date, 'calls_amount', amount FROM called
    UNION ALL SELECT business_date, 'calls_late', late FROM called
    UNION ALL SELECT business_date, 'open_interest', open_interest FROM interest
    UNION ALL SELECT business_date, 'volume', volume FROM interest
    UNION ALL SELECT business_date, 'trades', trades FROM interest
    UNION ALL SELECT business_date, 'money_at_risk', money_at_risk FROM interest
    UNION ALL SELECT business_date, 'cover_1', cover_1 FROM covered
    UNION ALL SELECT business_date, 'cover_2', cover_2 FROM covered
    UNION ALL SELECT business_date, 'prefunded', prefunded FROM covered
    UNION ALL SELECT business_date, 'scenarios', scenarios FROM covered
    UNION ALL SELECT business_date, 'scenarios_uncovered', uncovered FROM covered
    UNION ALL SELECT business_date, 'drill_loss', loss FROM drilled
    UNION ALL SELECT business_date, 'drill_unallocated', unallocated FROM drilled
    UNION ALL SELECT business_date, 'fund_deposited', deposited FROM fund
    UNION ALL SELECT business_date, 'findings_error', findings_error FROM counted
    UNION ALL SELECT business_date, 'findings_warn', findings_warn FROM counted
)
SELECT
    CAST($business_date AS DATE) AS business_date,
    names.figure_order,
    names.figure,
    names.unit,
    names.words,
    MAX(CASE WHEN days.slot = 'today' THEN figures.value END) AS today,
    MAX(CASE WHEN days.slot = 'previous' THEN figures.value END) AS previous,
    MAX(CASE WHEN days.slot = 'previous' THEN days.business_date END) AS previous_business_date
FROM names
CROSS JOIN days
LEFT JOIN figures
    ON figures.figure = names.figure
    AND figures.business_date = days.business_date
GROUP BY names.figure_order, names.figure, names.unit, names.words
ORDER BY names.figure_order
