-- grain: one row per market
-- meaning: the markets of the date: delivered, traded, carried open or settled; with all markets of their events, since the structure of an event needs each of its legs; and with the markets of the events of a combination's legs, even if these were settled earlier
WITH wanted AS (
    SELECT ticker FROM validate.markets WHERE business_date = $business_date
    UNION
    SELECT ticker FROM validate.trades WHERE business_date = $business_date
    UNION
    SELECT ticker FROM validate.settlement_periods WHERE business_date = $business_date
    UNION
    SELECT positions.ticker
    FROM recompute.positions AS positions
    JOIN recompute.days AS days ON days.previous_business_date = positions.business_date
    WHERE days.business_date = $business_date AND positions.closing_qty <> 0
),
latest AS (
    SELECT *, row_number() OVER (PARTITION BY ticker ORDER BY business_date DESC) AS newest
    FROM validate.markets
    WHERE business_date <= $business_date
),
known AS (SELECT * FROM latest WHERE newest = 1),
listed AS (SELECT known.* FROM known JOIN wanted ON wanted.ticker = known.ticker),
legs AS (
    SELECT UNNEST(json_extract_string(mve_selected_legs, '$[*].market_ticker')) AS ticker
    FROM listed WHERE json_valid(mve_selected_legs)
),
events AS (
    SELECT event_ticker FROM listed
    UNION
    SELECT known.event_ticker FROM known JOIN legs ON legs.ticker = known.ticker
)
SELECT
    COALESCE(known.ticker, wanted.ticker) AS ticker,
    COALESCE(known.event_ticker, wanted.ticker) AS event_ticker,
    COALESCE(known.title, ''), COALESCE(known.subtitle, ''), COALESCE(known.yes_sub_title, ''),
    COALESCE(known.strike_type, ''), known.floor_strike, known.cap_strike, known.custom_strike,
    known.mve_selected_legs, COALESCE(known.rules_secondary, ''),
    -- The earliest plausible resolution: the nominal close of a market that may close
    -- early is often weeks after the game that decides it.
    CASE WHEN known.can_close_early
        THEN LEAST(known.close_utc, known.expected_expiration_utc)
        ELSE COALESCE(known.expected_expiration_utc, known.close_utc) END AS resolution_utc,
    known.ticker IS NOT NULL AS has_metadata,
    COALESCE(known.can_close_early, false), COALESCE(known.rules_primary, '')
FROM (SELECT known.* FROM known JOIN events ON events.event_ticker = known.event_ticker) AS known
FULL OUTER JOIN wanted ON wanted.ticker = known.ticker
ORDER BY event_ticker, ticker
