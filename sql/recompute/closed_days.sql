-- grain: one row per account with a position in an event that resolves while no wire runs
-- meaning: exposure over the coming weekend or holiday: what an account can lose in the events that resolve from the end of the date until the end of the last day without wires, against its collateral after haircut; no rows on a date that a day with wires follows
-- owner: risk
-- column last_closed_date: last day of the coming days without wires
-- column events: events of the account that resolve in them
-- column worst_case_centicents: largest losses in these events, both books, summed
-- column uncovered_centicents: the part of it above the collateral
WITH closed AS (
    SELECT MAX(closed_date) AS last_closed_date
    FROM recompute.closed_dates
    WHERE business_date = $business_date
    HAVING COUNT(*) > 0
),
bounds AS (
    SELECT
        last_closed_date,
        timezone('UTC', timezone('America/New_York', CAST(last_closed_date AS TIMESTAMP) + INTERVAL 1 DAY)) AS until_utc
    FROM closed
),
resolving AS (
    SELECT contracts.event_ticker
    FROM recompute.contracts AS contracts
    CROSS JOIN bounds
    WHERE contracts.business_date = $business_date
    GROUP BY contracts.event_ticker, bounds.until_utc
    -- An event whose time is not known may resolve at any.
    HAVING COALESCE(MIN(contracts.resolution_utc), bounds.until_utc) <= bounds.until_utc
),
exposed AS (
    SELECT
        margin.account_id,
        COUNT(DISTINCT margin.event_ticker) AS events,
        CAST((SUM(GREATEST(margin.worst_case_micros, 0)) + 99) // 100 AS BIGINT) AS worst_case_centicents
    FROM recompute.event_margin AS margin
    JOIN resolving
        ON resolving.event_ticker = margin.event_ticker
    WHERE margin.business_date = $business_date
    GROUP BY margin.account_id
)
SELECT
    CAST($business_date AS DATE) AS business_date,
    exposed.account_id,
    bounds.last_closed_date,
    exposed.events,
    exposed.worst_case_centicents,
    margin.collateral_value_centicents,
    GREATEST(0, exposed.worst_case_centicents - margin.collateral_value_centicents) AS uncovered_centicents
FROM exposed
CROSS JOIN bounds
JOIN recompute.account_margin AS margin
    ON margin.account_id = exposed.account_id
    AND margin.business_date = $business_date
