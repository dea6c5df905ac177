-- grain: one row per position
-- meaning: loss of each position under backtest to the next close; accounts hold their opening positions, so all rows are of the date
WITH clusters AS (
    SELECT event_ticker, MAX(cluster) AS cluster
    FROM recompute.event_parameters
    WHERE business_date = $business_date
    GROUP BY event_ticker
),
held AS (
    SELECT 'accounts' AS portfolio, positions.account_id AS book_id, positions.ticker,
        positions.opening_qty AS qty, marks.previous_mark_centicents AS start_centicents,
        COALESCE(clusters.cluster, positions.event_ticker) AS cluster
    FROM recompute.positions AS positions
    JOIN recompute.marks AS marks
        ON marks.ticker = positions.ticker AND marks.business_date = $business_date
    LEFT JOIN clusters ON clusters.event_ticker = positions.event_ticker
    WHERE positions.business_date = $business_date AND positions.opening_qty <> 0
        AND positions.collateralisation = 'margined'
    UNION ALL
    SELECT portfolio, book_id, ticker, qty, mark_centicents AS start_centicents, cluster
    FROM contracts_then
    WHERE business_date = $book_date AND portfolio <> 'accounts'
)
SELECT held.portfolio, held.book_id, held.cluster, marks.settled AS resolved,
    CAST(held.qty AS HUGEINT) * (
        held.start_centicents - CASE
            WHEN marks.settled THEN marks.settlement_value_centicents ELSE marks.mark_centicents
        END) AS micros
FROM held
JOIN recompute.marks AS marks
    ON marks.ticker = held.ticker AND marks.business_date = $business_date
