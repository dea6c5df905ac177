WITH legs AS (
    SELECT
        contracts.event_ticker,
        contracts.ticker,
        contracts.leg_index,
        marks.mark_centicents
    FROM recompute.contracts AS contracts
    JOIN recompute.marks AS marks
        ON marks.ticker = contracts.ticker
        AND marks.business_date = contracts.business_date
    WHERE contracts.business_date = $business_date
        AND contracts.structure = 'ladder'
        AND marks.mark_source = 'trade'
),
adjacent AS (
    SELECT
        event_ticker,
        ticker,
        mark_centicents,
        LAG(ticker) OVER (PARTITION BY event_ticker ORDER BY leg_index) AS lower_ticker,
        LAG(mark_centicents) OVER (PARTITION BY event_ticker ORDER BY leg_index) AS lower_mark_centicents
    FROM legs
)
SELECT
    ticker AS subject,
    'marked ' || CAST(mark_centicents AS VARCHAR) || ', the lower strike ' || lower_ticker || ' '
        || CAST(lower_mark_centicents AS VARCHAR) || ' centicents' AS detail,
    '' AS file_sha256,
    CAST(NULL AS BIGINT) AS line
FROM adjacent
WHERE mark_centicents > lower_mark_centicents
