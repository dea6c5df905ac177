-- grain: one row per contract
-- meaning: settlement value or mark of each contract at the end of the date, and its average daily volume
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
    SELECT ticker, settlement_value_centicents,
        row_number() OVER (PARTITION BY ticker ORDER BY business_date DESC) AS newest
    FROM settled
)
SELECT contracts.ticker,
    COALESCE(in_force.settlement_value_centicents, marks.mark_centicents) AS value_centicents,
    in_force.ticker IS NOT NULL AS settled,
    volumes.total_volume_qty
        / (1 + date_diff('day', volumes.first_traded_date, $business_date)) AS daily_volume_qty
FROM recompute.contracts AS contracts
LEFT JOIN recompute.marks AS marks
    ON marks.ticker = contracts.ticker AND marks.business_date = contracts.business_date
LEFT JOIN in_force ON in_force.ticker = contracts.ticker AND in_force.newest = 1
LEFT JOIN recompute.trading_volume AS volumes
    ON volumes.ticker = contracts.ticker AND volumes.business_date = contracts.business_date
WHERE contracts.business_date = $business_date
