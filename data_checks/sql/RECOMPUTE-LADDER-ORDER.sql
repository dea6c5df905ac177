-- A traded ticker without a market record stands in for a leg when it ends in -T<number> and
-- its series has other ladders that day; margin treats it as a single binary all the same.
WITH series AS (
    SELECT DISTINCT SPLIT_PART(event_ticker, '-', 1) AS prefix
    FROM recompute.contracts
    WHERE business_date = $business_date
        AND structure = 'ladder'
),
unrecorded AS (
    SELECT
        contracts.business_date,
        contracts.ticker,
        REGEXP_EXTRACT(contracts.ticker, '^(.+-T)-?[0-9]+([.][0-9]+)?$', 1) AS event_ticker,
        TRY_CAST(REGEXP_EXTRACT(contracts.ticker, '-T(-?[0-9]+([.][0-9]+)?)$', 1) AS DECIMAL(38, 6)) AS place
    FROM recompute.contracts AS contracts
    JOIN series
        ON series.prefix = SPLIT_PART(contracts.ticker, '-', 1)
    WHERE contracts.business_date = $business_date
        AND NOT contracts.has_metadata
        AND REGEXP_MATCHES(contracts.ticker, '^.+-T-?[0-9]+([.][0-9]+)?$')
),
legs AS (
    SELECT
        business_date,
        ticker,
        event_ticker,
        CAST(leg_index AS DECIMAL(38, 6)) AS place
    FROM recompute.contracts
    WHERE business_date = $business_date
        AND structure = 'ladder'
    UNION ALL
    SELECT
        business_date,
        ticker,
        event_ticker,
        place
    FROM unrecorded
),
priced AS (
    SELECT
        legs.event_ticker,
        legs.ticker,
        legs.place,
        marks.mark_centicents
    FROM legs
    JOIN recompute.marks AS marks
        ON marks.ticker = legs.ticker
        AND marks.business_date = legs.business_date
    WHERE marks.mark_source = 'trade'
),
adjacent AS (
    SELECT
        ticker,
        mark_centicents,
        LAG(ticker) OVER (PARTITION BY event_ticker ORDER BY place) AS lower_ticker,
        LAG(mark_centicents) OVER (PARTITION BY event_ticker ORDER BY place) AS lower_mark_centicents
    FROM priced
)
SELECT
    ticker AS subject,
    'marked ' || CAST(mark_centicents AS VARCHAR) || ', the lower strike ' || lower_ticker || ' '
        || CAST(lower_mark_centicents AS VARCHAR) || ' centicents' AS detail,
    '' AS file_sha256,
    CAST(NULL AS BIGINT) AS line
FROM adjacent
WHERE mark_centicents > lower_mark_centicents
