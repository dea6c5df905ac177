WITH legs AS (
    SELECT
        contracts.event_ticker,
        MAX(contracts.event_legs) AS event_legs,
        COUNT(settlements.ticker) AS settled_legs,
        SUM(settlements.settlement_value_centicents) AS paid_centicents
    FROM recompute.settlements AS settlements
    JOIN recompute.contracts AS contracts
        ON contracts.ticker = settlements.ticker
        AND contracts.business_date = settlements.business_date
    WHERE settlements.business_date = $business_date
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
WHERE settled_legs = event_legs
    AND paid_centicents < 10000
