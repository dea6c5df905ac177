-- grain: one row per market
-- meaning: the venue's marks at an intraday cycle that differ from ours; a market settled by then counts at its settlement value
SELECT ticker, venue_mark_centicents
FROM recompute.cycle_marks
WHERE business_date = $business_date AND cycle = $cycle
    AND venue_mark_centicents <> mark_centicents
    -- What is settled by then counts at its settlement value.
    AND settlement_value_centicents IS NULL
