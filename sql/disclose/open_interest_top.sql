-- grain: one row per market with open interest or volume, the 100 with the most open interest
-- meaning: open interest and volume rebuilt from trades, with the venue's own figure and the previous business date's
-- owner: surveillance
WITH today AS (
    SELECT
        interest.ticker,
        interest.event_ticker,
        interest.open_interest_qty,
        interest.venue_open_interest_qty,
        interest.volume_qty,
        interest.trades,
        interest.money_at_risk_centicents,
        marks.mark_centicents,
        ROW_NUMBER() OVER (
            ORDER BY interest.open_interest_qty DESC, interest.volume_qty DESC, interest.ticker
        ) AS rank_by_open_interest,
        COUNT(*) OVER () AS markets,
        SUM(interest.open_interest_qty) OVER () AS total_open_interest_qty
    FROM recompute.open_interest AS interest
    LEFT JOIN recompute.marks AS marks
        ON marks.ticker = interest.ticker
        AND marks.business_date = interest.business_date
    WHERE interest.business_date = $business_date
        AND (interest.open_interest_qty <> 0 OR interest.volume_qty <> 0)
),
before AS (
    SELECT interest.ticker, interest.open_interest_qty
    FROM recompute.open_interest AS interest
    JOIN recompute.days AS days ON days.previous_business_date = interest.business_date
    WHERE days.business_date = $business_date
)
SELECT
    CAST($business_date AS DATE) AS business_date,
    today.rank_by_open_interest,
    today.markets,
    CAST(today.total_open_interest_qty AS BIGINT) AS total_open_interest_qty,
    today.ticker,
    today.event_ticker,
    today.mark_centicents,
    today.open_interest_qty,
    today.open_interest_qty - COALESCE(before.open_interest_qty, 0) AS change_qty,
    today.venue_open_interest_qty,
    today.volume_qty,
    today.trades,
    today.money_at_risk_centicents
FROM today
LEFT JOIN before ON before.ticker = today.ticker
WHERE today.rank_by_open_interest <= 100
ORDER BY today.rank_by_open_interest
