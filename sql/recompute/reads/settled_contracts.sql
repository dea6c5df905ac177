-- grain: one row per contract of the date that is settled
-- meaning: the settlement value in force, the mark of the date, or the value where there is none any more, and whether the market was settled or amended on the date, with file and line
WITH settled AS (
    -- Two reads, not one up to the date: today's rows are in memory, the others in the lake.
    SELECT ticker, business_date, settlement_value_centicents
    FROM recompute.settlements
    WHERE business_date = $business_date
    UNION ALL
    SELECT ticker, business_date, settlement_value_centicents
    FROM recompute.settlements
    WHERE business_date < $business_date
),
in_force AS (
    SELECT ticker, business_date, settlement_value_centicents,
        row_number() OVER (PARTITION BY ticker ORDER BY business_date DESC) AS newest
    FROM settled
),
sources AS (
    SELECT ticker, file_sha256, line,
        row_number() OVER (PARTITION BY ticker ORDER BY revision DESC) AS newest
    FROM validate.settlement_periods
    WHERE business_date = $business_date
)
SELECT contracts.ticker,
    in_force.settlement_value_centicents,
    COALESCE(marks.mark_centicents, in_force.settlement_value_centicents) AS mark_centicents,
    in_force.business_date = $business_date AS settled_today,
    COALESCE(sources.file_sha256, '') AS file_sha256,
    sources.line
FROM recompute.contracts AS contracts
JOIN in_force ON in_force.ticker = contracts.ticker AND in_force.newest = 1
LEFT JOIN recompute.marks AS marks
    ON marks.ticker = contracts.ticker AND marks.business_date = contracts.business_date
LEFT JOIN sources ON sources.ticker = contracts.ticker AND sources.newest = 1
WHERE contracts.business_date = $business_date
ORDER BY contracts.ticker
