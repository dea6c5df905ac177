-- grain: one row per contract
-- meaning: the contracts of some events with their marks, settlement values, volume and open interest
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
values_of_settled AS (
    SELECT ticker, max_by(settlement_value_centicents, business_date) AS settlement_value
    FROM settled
    GROUP BY ticker
),
long_positions AS (
    SELECT ticker, sum(closing_qty) AS open_interest
    FROM recompute.positions
    WHERE business_date = $business_date AND closing_qty > 0
    GROUP BY ticker
)
SELECT contracts.event_ticker, contracts.ticker, contracts.title, contracts.category,
    contracts.series_ticker, contracts.tau_seconds, CAST(contracts.resolution_utc AS DATE),
    contracts.can_close_early, marks.mark_centicents, values_of_settled.settlement_value,
    volumes.first_traded_date, volumes.total_volume_qty, long_positions.open_interest
FROM recompute.contracts AS contracts
LEFT JOIN recompute.marks AS marks
    ON marks.ticker = contracts.ticker AND marks.business_date = contracts.business_date
LEFT JOIN recompute.trading_volume AS volumes
    ON volumes.ticker = contracts.ticker AND volumes.business_date = contracts.business_date
LEFT JOIN values_of_settled ON values_of_settled.ticker = contracts.ticker
LEFT JOIN long_positions ON long_positions.ticker = contracts.ticker
WHERE contracts.business_date = $business_date AND list_contains($events, contracts.event_ticker)
ORDER BY contracts.event_ticker, contracts.leg_index
