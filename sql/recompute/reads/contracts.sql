-- grain: one row per contract
-- meaning: the contracts of the date, in order of event and leg
SELECT event_ticker, ticker, leg_index, tau_seconds, category, series_ticker, title,
    can_close_early, resolution_utc, collateral_return
FROM recompute.contracts
WHERE business_date = $business_date
ORDER BY event_ticker, leg_index
