-- grain: one row per event
-- meaning: the latest terms known of each event, with the fees of its series
WITH events AS (
    SELECT *, row_number() OVER (PARTITION BY event_ticker ORDER BY business_date DESC) AS newest
    FROM validate.events WHERE business_date <= $business_date
),
series AS (
    SELECT *, row_number() OVER (PARTITION BY series_ticker ORDER BY business_date DESC) AS newest
    FROM validate.series WHERE business_date <= $business_date
)
SELECT events.event_ticker, events.mutually_exclusive, events.collateral_return_type,
    events.title, events.series_ticker,
    COALESCE(NULLIF(events.category, ''), series.category, ''),
    COALESCE(series.fee_type, 'quadratic'), COALESCE(series.fee_multiplier_e4, 10000)
FROM events
LEFT JOIN series ON series.series_ticker = events.series_ticker AND series.newest = 1
WHERE events.newest = 1
