-- grain: one row per category of which an event could resolve early
-- meaning: open events that only an early resolution could settle inside the liquidation period, on the date before, and those of them that have settled since; whatever rate the schedule gives
-- owner: risk
-- column event_days: events at risk on the date before, one day each
-- column resolved_events: of them, those of which a market settled by this date
WITH open_events AS (
    SELECT DISTINCT contracts.event_ticker
    FROM recompute.days AS days
    JOIN recompute.marks AS marks
        ON marks.business_date = days.previous_business_date
    JOIN recompute.contracts AS contracts
        ON contracts.ticker = marks.ticker
        AND contracts.business_date = marks.business_date
    WHERE days.business_date = $business_date
        AND NOT marks.settled
),
at_risk AS (
    SELECT DISTINCT parameters.category, parameters.event_ticker
    FROM recompute.event_parameters AS parameters
    JOIN recompute.days AS days
        ON days.previous_business_date = parameters.business_date
    JOIN open_events
        ON open_events.event_ticker = parameters.event_ticker
    WHERE days.business_date = $business_date
        AND parameters.resolves_in_period
        AND parameters.early_probability < 1
),
resolved AS (
    SELECT DISTINCT contracts.event_ticker
    FROM recompute.settlements AS settlements
    JOIN recompute.contracts AS contracts
        ON contracts.ticker = settlements.ticker
        AND contracts.business_date = settlements.business_date
    WHERE settlements.business_date = $business_date
        AND settlements.previous_value_centicents IS NULL
)
SELECT
    CAST($business_date AS DATE) AS business_date,
    at_risk.category,
    COUNT(*) AS event_days,
    COUNT(resolved.event_ticker) AS resolved_events
FROM at_risk
LEFT JOIN resolved
    ON resolved.event_ticker = at_risk.event_ticker
GROUP BY at_risk.category
