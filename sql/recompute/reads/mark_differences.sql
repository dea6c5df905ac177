-- grain: one row per market
-- meaning: the venue's marks at the end of the day that differ from ours
SELECT ticker, venue_mark_centicents
FROM recompute.marks
WHERE business_date = $business_date AND venue_mark_centicents <> mark_centicents
