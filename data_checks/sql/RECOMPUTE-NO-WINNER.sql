-- The markets of an event need not settle on one date: the latest settlement of each counts.
WITH in_force AS (
    SELECT
        ticker,
        business_date AS settlement_date,
        result,
        settlement_value_centicents,
        ROW_NUMBER() OVER (PARTITION BY ticker ORDER BY business_date DESC) AS newest
    FROM recompute.settlements
    WHERE business_date <= $business_date
),
legs AS (
    SELECT
        contracts.event_ticker,
        MAX(contracts.event_legs) AS event_legs,
        COUNT(*) AS settled_legs,
        MAX(in_force.settlement_date) AS last_settlement_date,
        -- These pay by other rules than one dollar to the winner.
        SUM(CASE WHEN in_force.result IN ('void', 'scalar') THEN 1 ELSE 0 END) AS other_results,
        SUM(in_force.settlement_value_centicents) AS paid_centicents
    FROM in_force
    JOIN recompute.contracts AS contracts
        ON contracts.ticker = in_force.ticker
    WHERE in_force.newest = 1
        AND contracts.business_date = $business_date
        AND contracts.structure = 'exclusive_exhaustive'
    GROUP BY contracts.event_ticker
)
SELECT
    event_ticker AS subject,
    CAST(settled_legs AS VARCHAR) || ' markets settled, they pay '
        || CAST(paid_centicents AS VARCHAR) || ' centicents in all' AS detail,
    '' AS file_sha256,
    CAST(NULL AS BIGINT) AS line
FROM legs
WHERE last_settlement_date = $business_date
    AND settled_legs = event_legs
    AND other_results = 0
    AND paid_centicents < 10000
