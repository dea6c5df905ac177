-- grain: one row per event that resolved early, since the date before
-- meaning: what the margined books lost in an early resolution, of those that lost, beside their worst cases on the date before; from these a resolution's share of the worst case is estimated
-- owner: risk
-- column lost_micros: losses from the marks of the date before to the settlement values
-- column worst_case_micros: worst cases of the same books in the event
WITH at_risk AS (
    SELECT DISTINCT parameters.category, parameters.event_ticker, parameters.business_date
    FROM recompute.event_parameters AS parameters
    JOIN recompute.days AS days
        ON days.previous_business_date = parameters.business_date
    WHERE days.business_date = $business_date
        AND parameters.resolves_in_period
        AND parameters.early_probability < 1
),
results AS (
    SELECT
        contracts.event_ticker,
        positions.account_id,
        -SUM(
            CAST(positions.opening_qty AS HUGEINT)
            * (settlements.settlement_value_centicents - marks.previous_mark_centicents)
        ) AS loss_micros
    FROM recompute.settlements AS settlements
    JOIN recompute.contracts AS contracts
        ON contracts.ticker = settlements.ticker
        AND contracts.business_date = settlements.business_date
    JOIN recompute.marks AS marks
        ON marks.ticker = settlements.ticker
        AND marks.business_date = settlements.business_date
    JOIN recompute.positions AS positions
        ON positions.ticker = settlements.ticker
        AND positions.business_date = settlements.business_date
    WHERE settlements.business_date = $business_date
        AND settlements.previous_value_centicents IS NULL
        AND marks.previous_mark_centicents IS NOT NULL
        AND positions.collateralisation = 'margined'
        AND positions.opening_qty <> 0
    GROUP BY contracts.event_ticker, positions.account_id
)
SELECT
    CAST($business_date AS DATE) AS business_date,
    at_risk.category,
    at_risk.event_ticker,
    CAST(SUM(results.loss_micros) AS BIGINT) AS lost_micros,
    CAST(SUM(margin.worst_case_micros) AS BIGINT) AS worst_case_micros
FROM at_risk
JOIN results
    ON results.event_ticker = at_risk.event_ticker
JOIN recompute.event_margin AS margin
    ON margin.business_date = at_risk.business_date
    AND margin.event_ticker = at_risk.event_ticker
    AND margin.account_id = results.account_id
    AND margin.collateralisation = 'margined'
WHERE results.loss_micros > 0
    AND margin.worst_case_micros > 0
GROUP BY at_risk.category, at_risk.event_ticker
