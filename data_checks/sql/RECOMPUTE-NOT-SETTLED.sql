WITH known AS (
    SELECT
        ticker,
        status,
        result,
        settlement_value_centicents,
        business_date,
        file_sha256,
        line,
        ROW_NUMBER() OVER (PARTITION BY ticker ORDER BY business_date DESC) AS newest
    FROM validate.markets
    WHERE business_date <= $business_date
),
open_markets AS (
    SELECT
        ticker,
        COUNT(DISTINCT account_id) AS accounts,
        SUM(GREATEST(closing_qty, 0)) AS long_qty
    FROM recompute.positions
    WHERE business_date = $business_date
        AND closing_qty <> 0
    GROUP BY ticker
)
SELECT
    open_markets.ticker AS subject,
    known.status || ' at the venue since ' || CAST(known.business_date AS VARCHAR) || ', result ' || known.result
        || COALESCE(' at ' || CAST(known.settlement_value_centicents AS VARCHAR) || ' centicents', '')
        || ', not settled: ' || CAST(open_markets.accounts AS VARCHAR) || ' accounts hold '
        || CAST(open_markets.long_qty / 100 AS VARCHAR) || ' contracts long' AS detail,
    known.file_sha256,
    known.line
FROM open_markets
JOIN known
    ON known.ticker = open_markets.ticker
    AND known.newest = 1
WHERE known.status IN ('amended', 'finalized')
    -- Some tapes call a market final without its result.
    AND known.result <> ''
